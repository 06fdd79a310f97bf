"""The privacy card of a sensor: eight rows, always the same ones in the same order, so that two cards can be compared.

Everything on the card is a claim of the owner; the heading of the card says so once. A row without an answer says that
the owner did not fill it in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.core.clock import dutch_date
from app.core.formatting import format_date, format_duration
from app.core.i18n import LocalizedText
from app.organisations.public_contact import Contact
from app.sensors.presentation import UNNAMED, Labels, describe_view
from app.website.status_text import (
    Tense,
    choose_tense,
    describe_personal_data,
    processes_personal_data,
)

HEADINGS: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText("Zo wordt het, volgens de eigenaar", "What will be, according to the owner"),
    "present": LocalizedText("Zo is het, volgens de eigenaar", "What is so, according to the owner"),
    "past": LocalizedText("Zo was het, volgens de eigenaar", "What was so, according to the owner"),
}
LOOKING: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText("Gaat kijken", "Will look"),
    "present": LocalizedText("Kijkt", "Looks"),
    "past": LocalizedText("Keek", "Looked"),
}
SEE_MAP: Final = LocalizedText("zie de kaart", "see the map")
AREA_ON_MAP: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Het gebied dat de sensor gaat waarnemen, staat op de kaart",
        "The area that the sensor will observe is on the map",
    ),
    "present": LocalizedText(
        "Het gebied dat de sensor waarneemt, staat op de kaart",
        "The area that the sensor observes is on the map",
    ),
    "past": LocalizedText(
        "Het gebied dat de sensor waarnam, staat op de kaart",
        "The area that the sensor observed is on the map",
    ),
}
HAS_ENDED: Final = LocalizedText(
    "Deze organisatie doet niet meer mee aan het register. Krijgt u geen antwoord? Vraag het de gemeente.",
    "This organisation no longer takes part in the register. Do you get no answer? Ask the municipality.",
)
LAST_STATED: Final = LocalizedText(
    "Zo was het toen de eigenaar het opgaf", "What was so when the owner stated it"
)
"""The heading of the card of a sensor that should have been gone."""
NO_GROUND_NEEDED: Final = LocalizedText(
    "Niet nodig: volgens de eigenaar zijn er geen persoonsgegevens.",
    "Not needed: according to the owner there are no personal data.",
)
LAW_LINK: Final = LocalizedText("De wet waarop de eigenaar zich beroept", "The law that the owner relies on")
OUTSIDE_EEA: Final = LocalizedText(
    "Buiten de Europese Economische Ruimte: {answer}", "Outside the European Economic Area: {answer}"
)
DECIDED_BY: Final = LocalizedText("Besluit van {name}", "Decision of {name}")
DECISION: Final = LocalizedText("Er is een besluit", "There is a decision")
DECIDED_ON: Final = LocalizedText("van {date}", "of {date}")
VALID_UNTIL: Final = LocalizedText("geldt tot en met {date}", "in force until {date}")
ENDED_ON: Final = LocalizedText("gold tot en met {date}", "was in force until {date}")
DECISION_NUMBER: Final = LocalizedText("kenmerk {reference}", "reference {reference}")
AI: Final = LocalizedText("AI: {use}", "AI: {use}")
AI_TOLD: Final[dict[bool, LocalizedText]] = {
    True: LocalizedText("Mensen worden op de AI gewezen", "People are told about the AI"),
    False: LocalizedText("Mensen worden niet op de AI gewezen", "People are not told about the AI"),
}
AI_REGISTRATION: Final = LocalizedText("Lees waar de AI is geregistreerd", "Read where the AI is registered")
ASSESSED_ON: Final = LocalizedText("Datum: {date}", "Date: {date}")
ASSESSMENT_NUMBER: Final = LocalizedText("Kenmerk: {reference}", "Reference: {reference}")
ASSESSMENT_LINK: Final = LocalizedText("Lees de privacytoets", "Read the privacy assessment")
CONTACT_FORM: Final = LocalizedText("Contactformulier", "Contact form")
WEBSITE: Final = LocalizedText("Website van de eigenaar", "Website of the owner")
OFFICER: Final = LocalizedText(
    "Functionaris voor gegevensbescherming: {contact}", "Data protection officer: {contact}"
)
CONTROLLER: Final = LocalizedText("Over uw gegevens beslist: {name}", "Decides about your data: {name}")
PRIVACY_STATEMENT: Final = LocalizedText("Lees de privacyverklaring", "Read the privacy statement")

ARTICLE_LETTER: Final = re.compile(r" \([a-f]\)(?=\.?$)")
"""The letter of article 6(1) of the GDPR at the end of a definition."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One statement on the card.

    `definition` explains a term; `owner_text` marks words of the owner, which are Dutch on an English page as well.
    """

    text: str
    link: str | None = None
    definition: str | None = None
    owner_text: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card; without lines the owner did not fill it in."""

    name: str
    icon: str
    label: str
    lines: tuple[CardLine, ...]


ROWS: Final = (
    ("senses", "eye", LocalizedText("Ziet of meet", "Sees or measures")),
    ("allowed", "scale", LocalizedText("Mag, omdat", "Allowed, because")),
    ("purpose", "target", LocalizedText("Om", "In order to")),
    ("kept", "clock", LocalizedText("Bewaard", "Kept for")),
    ("access", "users", LocalizedText("Kijken mee", "Others with access")),
    ("stored", "database", LocalizedText("Gegevens staan in", "Data are stored in")),
    ("assessment", "shield-check", LocalizedText("Privacytoets", "Privacy assessment")),
    ("contact", "help-circle", LocalizedText("Vragen aan", "Questions to")),
)
"""Name, icon and label of each row, in their order."""

CARD_FIELDS: Final = frozenset(
    {
        *("measures", "observedArea", "personalData", "aiUse", "aiNotice", "aiRegistryUrl"),
        *("authorisationDecidedBy", "authorisationDecidedOn", "authorisationValidUntil"),
        *("authorisationReference", "authorisationUrl"),
        *("gdprBases", "legalBasisText", "legalBasisUrl", "legitimateInterest"),
        *("purpose", "retentionKind", "retentionPeriod", "recipients", "storage", "thirdCountry"),
        *("dpiaStatus", "dpiaDate", "dpiaReference", "dpiaUrl", "owner", "privacyStatementUrl"),
    }
)
"""Fields that the card shows; the page does not repeat them."""


def choose_heading(sensor: Mapping[str, Any]) -> LocalizedText:
    """The heading, which says that the card is a claim of the owner, in the tense of the sensor."""
    if sensor["operationalStatus"] == "expired":
        return LAST_STATED
    return HEADINGS[choose_tense(sensor)]


def make_card(
    sensor: Mapping[str, Any], contact: Contact | None, labels: Labels, *, has_observed_area: bool
) -> list[CardRow]:
    """The rows of the card from the published properties of a sensor."""
    lines = {
        "senses": _list_senses(sensor, labels, has_observed_area=has_observed_area),
        "allowed": _list_grounds(sensor, labels),
        "purpose": _quote(sensor, "purpose"),
        "kept": _list_retention(sensor, labels),
        "access": _quote(sensor, "recipients"),
        "stored": _list_storage(sensor, labels),
        "assessment": _list_assessment(sensor, labels),
        "contact": _list_contacts(sensor, contact, labels),
    }
    return [CardRow(name, icon, labels.render(label), tuple(lines[name])) for name, icon, label in ROWS]


def name_owner(contact: Contact | None, labels: Labels) -> str:
    """The owner's name; the kind of owner where the name is not public: `Particulier (naam niet openbaar)`."""
    if contact and contact.name:
        return contact.name
    unnamed = labels.render(UNNAMED)
    if contact is None:
        return unnamed
    return f"{labels.name_term('organisationType', contact.organisation_type)} ({unnamed})"


def _quote(sensor: Mapping[str, Any], field: str) -> Iterator[CardLine]:
    """A text of the owner as it was written."""
    if text := sensor.get(field):
        yield CardLine(text, owner_text=True)


def _list_senses(sensor: Mapping[str, Any], labels: Labels, *, has_observed_area: bool) -> Iterator[CardLine]:
    yield from _quote(sensor, "measures")
    view = describe_view(sensor, labels, LOOKING[choose_tense(sensor)])
    if view and has_observed_area:
        view = f"{view} ({labels.render(SEE_MAP)})"
    elif has_observed_area:
        view = labels.render(AREA_ON_MAP[choose_tense(sensor)])
    if view:
        yield CardLine(view, link="#map" if has_observed_area else None)
    statement = describe_personal_data(sensor, labels)
    yield CardLine(statement.answer, definition=statement.explanation)
    yield from _list_ai(sensor, labels)


def _list_ai(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    use = sensor.get("aiUse")
    if use:
        text = labels.render(AI).format(use=labels.name_term("aiUse", use))
        yield CardLine(text, definition=labels.define_term("aiUse", use))
    # Notice of AI only where there is AI.
    if use != "none" and (told := sensor.get("aiNotice")) is not None:
        yield CardLine(labels.render(AI_TOLD[told]))
    if link := sensor.get("aiRegistryUrl"):
        yield CardLine(labels.render(AI_REGISTRATION), link)


def _list_grounds(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    grounds = sensor.get("gdprBases", ())
    for code in grounds:
        name, definition = labels.name_term("gdprBases", code), labels.define_term("gdprBases", code)
        # The definition is in plain words; the term of the law is what needs explaining.
        plain = ARTICLE_LETTER.sub("", definition) if definition else name
        yield CardLine(plain, definition=_cite_ground(name, definition, labels))
    link = sensor.get("legalBasisUrl")
    if text := sensor.get("legalBasisText"):
        yield CardLine(text, link, owner_text=True)
    elif link:
        yield CardLine(labels.render(LAW_LINK), link)
    yield from _quote(sensor, "legitimateInterest")
    yield from _list_decision(sensor, labels)
    if not grounds and not processes_personal_data(sensor):
        yield CardLine(labels.render(NO_GROUND_NEEDED))


def _list_decision(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    """The decision behind the sensor in one line: whose, of when, until when, with its reference and link."""
    name, link = sensor.get("authorisationDecidedBy"), sensor.get("authorisationUrl")
    parts = []
    if day := sensor.get("authorisationDecidedOn"):
        parts.append(labels.render(DECIDED_ON).format(date=format_date(day, labels.language)))
    if day := sensor.get("authorisationValidUntil"):
        has_ended = date.fromisoformat(day) < dutch_date()
        text = labels.render(ENDED_ON if has_ended else VALID_UNTIL)
        parts.append(text.format(date=format_date(day, labels.language)))
    if reference := sensor.get("authorisationReference"):
        parts.append(labels.render(DECISION_NUMBER).format(reference=reference))
    if name or link or parts:
        whose = labels.render(DECIDED_BY).format(name=name) if name else labels.render(DECISION)
        yield CardLine(", ".join((whose, *parts)), link)


def _cite_ground(name: str, definition: str | None, labels: Labels) -> str:
    letter = ARTICLE_LETTER.search(definition or "")
    point = letter[0].strip(" ()") if letter else None
    article = LocalizedText("AVG, artikel 6, lid 1", "GDPR, article 6(1)")
    if point:
        article = LocalizedText(f"{article.nl}, onder {point}", f"{article.en}({point})")
    return f"{name} ({labels.render(article)})."


def _list_retention(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    kind, period = sensor.get("retentionKind"), sensor.get("retentionPeriod")
    definition = labels.define_term("retentionKind", kind) if kind else None
    if period:
        text = format_duration(period, labels.language)
        yield CardLine(text, definition=definition if kind == "fixed" else None)
    # "A fixed period" adds nothing to the period itself.
    if kind and not (period and kind == "fixed"):
        yield CardLine(labels.name_term("retentionKind", kind), definition=definition)


def _list_storage(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    yield from _quote(sensor, "storage")
    if answer := sensor.get("thirdCountry"):
        yield CardLine(labels.render(OUTSIDE_EEA).format(answer=answer))


def _list_assessment(sensor: Mapping[str, Any], labels: Labels) -> Iterator[CardLine]:
    if status := sensor.get("dpiaStatus"):
        definition = labels.define_term("dpiaStatus", status)
        yield CardLine(labels.name_term("dpiaStatus", status), definition=definition)
    elif not processes_personal_data(sensor):
        yield CardLine(labels.render(NO_GROUND_NEEDED))
    if day := sensor.get("dpiaDate"):
        text = labels.render(ASSESSED_ON).format(date=format_date(day, labels.language))
        yield CardLine(text)
    if reference := sensor.get("dpiaReference"):
        yield CardLine(labels.render(ASSESSMENT_NUMBER).format(reference=reference))
    if link := sensor.get("dpiaUrl"):
        yield CardLine(labels.render(ASSESSMENT_LINK), link)


def _list_contacts(sensor: Mapping[str, Any], contact: Contact | None, labels: Labels) -> Iterator[CardLine]:
    yield CardLine(name_owner(contact, labels))
    if contact:
        yield from list_contact_lines(contact, labels)
        if contact.has_ended:
            yield CardLine(labels.render(HAS_ENDED))
        if contact.dpo:
            yield CardLine(labels.render(OFFICER).format(contact=contact.dpo))
    if sensor.get("controller") not in (None, sensor["owner"]):
        name = sensor.get("controllerName") or labels.render(UNNAMED)
        yield CardLine(labels.render(CONTROLLER).format(name=name))
    if link := sensor.get("privacyStatementUrl"):
        yield CardLine(labels.render(PRIVACY_STATEMENT), link)


def list_contact_lines(contact: Contact, labels: Labels) -> Iterator[CardLine]:
    """The ways to reach an organisation, each with its link."""
    if contact.email:
        yield CardLine(contact.email, link=f"mailto:{contact.email}")
    if contact.phone:
        yield CardLine(contact.phone, link=f"tel:{re.sub(r'[^0-9+]', '', contact.phone)}")
    if contact.contact_url:
        yield CardLine(labels.render(CONTACT_FORM), link=contact.contact_url)
    if contact.website:
        yield CardLine(labels.render(WEBSITE), link=contact.website)
