"""The pages of text by their titles, and by the words that people use for their subjects.

This is the one home of both: the pages have their titles from here, and the search box finds them by these words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.core.i18n import LocalizedText
from app.places.name_match import Match, Words, drop_link_words, split_words
from app.places.sensor_kinds import match_label
from app.places.suggestion import Suggestion, SuggestionKind


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page of text: its Dutch path, its title, and other words for its subject in either language.

    `parts` has the words of sections that have an anchor of their own.
    """

    path: str
    title: LocalizedText
    alternative_labels: tuple[str, ...] = ()
    parts: tuple["TextPart", ...] = ()


@dataclass(frozen=True, slots=True)
class TextPart:
    """A section of a page by its anchor and its heading."""

    anchor: str
    title: LocalizedText
    alternative_labels: tuple[str, ...] = ()


TEXT_PAGES: Final = (
    TextPage(
        "/uitleg",
        LocalizedText("Uitleg", "Explanation"),
        ("sensor", "wat is een sensor", "hulp", "help", "faq", "veelgestelde vragen", "handleiding"),
    ),
    TextPage("/uitleg/soorten", LocalizedText("Soorten sensoren", "Kinds of sensors"), ("soorten", "kinds")),
    TextPage(
        "/uitleg/grondslagen",
        LocalizedText("Waarom mag dat?", "Why is that allowed?"),
        (
            "avg", "gdpr", "grondslag", "legal basis", "legal ground", "wet", "privacywet", "law", "persoonsgegevens",
            "personal data", "algemene verordening gegevensbescherming",
        ),
    ),
    TextPage(
        "/uitleg/rechten",
        LocalizedText("Uw rechten", "Your rights"),
        ("rechten", "rights", "privacyrechten", "privacyverzoek", "privacy van sensoren"),
        (
            TextPart("inzage", LocalizedText("Inzage", "Access"), ("inzageverzoek", "access request")),
            TextPart("correctie", LocalizedText("Correctie", "Correction"), ("rectificatie", "rectification")),
            TextPart("wissen", LocalizedText("Wissen", "Erasure"), ("verwijderen", "vergeten", "delete")),
            TextPart("beperken", LocalizedText("Stilzetten", "Restriction"), ("beperking",)),
            TextPart(
                "bezwaar", LocalizedText("Bezwaar", "Objection"), ("bezwaar maken", "bezwaarschrift", "object")
            ),
            TextPart(
                "toestemming",
                LocalizedText("Toestemming intrekken", "Withdrawing consent"),
                ("intrekken", "withdraw"),
            ),
            TextPart("mens", LocalizedText("Een mens die beslist", "A person who decides")),
            TextPart(
                "complaint",
                LocalizedText("Bent u het er niet mee eens?", "Do you disagree?"),
                ("klacht", "klagen", "complaint", "autoriteit persoonsgegevens", "ap", "rechter", "court"),
            ),
        ),
    ),
    TextPage(
        "/uitleg/woorden",
        LocalizedText("Wat de woorden betekenen", "What the words mean"),
        ("woorden", "begrippen", "woordenlijst", "betekenis", "glossary", "words"),
    ),
    TextPage(
        "/over",
        LocalizedText("Over het register", "About the register"),
        ("over", "about", "register", "sensorregister", "sensor register"),
        (
            TextPart(
                "sticker",
                LocalizedText("De sticker op een sensor", "The sticker on a sensor"),
                ("sticker", "label", "qr", "qr-code", "registratienummer", "registration number"),
            ),
        ),
    ),
    TextPage(
        "/contact",
        LocalizedText("Contact", "Contact"),
        ("vraag", "question", "vragen", "e-mail", "mail", "telefoon", "telephone", "beheerder", "operator"),
    ),
    TextPage("/privacy", LocalizedText("Privacy", "Privacy"), ("privacyverklaring", "cookies", "privacy statement")),
    TextPage(
        "/toegankelijkheid",
        LocalizedText("Toegankelijkheid", "Accessibility"),
        ("toegankelijkheidsverklaring", "accessibility statement", "wcag", "schermlezer", "screen reader"),
    ),
    TextPage(
        "/beveiligingslek",
        LocalizedText("Beveiligingslek melden", "Report a security problem"),
        ("beveiligingslek", "kwetsbaarheid", "lek", "vulnerability", "security"),
    ),
    TextPage(
        "/open-data",
        LocalizedText("Open data", "Open data"),
        ("data", "licentie", "licence", "license", "cc0"),
        (
            TextPart(
                "files",
                LocalizedText("Alle sensoren als bestand", "All sensors as a file"),
                ("download", "downloaden", "bestand", "csv", "excel", "geojson", "geopackage", "file"),
            ),
            TextPart(
                "api",
                LocalizedText("Voor programma's", "For programs"),
                ("api", "qgis", "arcgis", "gis", "ogc", "wfs", "kaartprogramma", "programma", "developer"),
            ),
        ),
    ),
)  # fmt: skip
"""The pages of text. The labels are in Dutch or English, in singular; the search finds their plurals too."""

PAGE_BY_PATH: Final = {page.path: page for page in TEXT_PAGES}


def find_text_pages(typed: Words) -> Iterator[Suggestion]:
    """Pages and sections of which the title or another label is typed."""
    named = drop_link_words(typed)
    for page, part, labels in _list_labels():
        matches = [match for label in labels if (match := match_label(named, label)) is not None]
        if matches:
            yield _suggest_page(page, part, min(matches))


@lru_cache(maxsize=1)
def _list_labels() -> list[tuple[TextPage, TextPart | None, list[Words]]]:
    listed: list[tuple[TextPage, TextPart | None, list[Words]]] = []
    for page in TEXT_PAGES:
        for part in (None, *page.parts):
            named = part or page
            labels = (*named.title, *named.alternative_labels)
            listed.append((page, part, [drop_link_words(split_words(label)) for label in labels]))
    return listed


def _suggest_page(page: TextPage, part: TextPart | None, match: Match) -> Suggestion:
    path = f"{page.path}#{part.anchor}" if part else page.path
    title = part.title if part else page.title
    detail = (
        LocalizedText(f"op de pagina “{page.title.nl}”", f"on the page “{page.title.en}”") if part else None
    )
    return Suggestion(SuggestionKind.PAGE, path, title, path, match, detail)
