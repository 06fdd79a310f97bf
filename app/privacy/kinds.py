"""Kinds of personal data that the register stores: what, why, how long, and which function deletes it.

The list is the one home of this: `docs/privacy.md` has its table, `sensor-register privacy describe` prints it, and a
test compares it with the schema. The legal basis is for the operator to consider, and no legal advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import Language, LocalizedText

_TASK: Final = LocalizedText("publieke taak (art. 6 lid 1 onder e AVG)", "public task (GDPR art. 6(1)(e))")
_INTEREST: Final = LocalizedText(
    "gerechtvaardigd belang, of publieke taak (art. 6 lid 1 onder f of e AVG)",
    "legitimate interest, or public task (GDPR art. 6(1)(f) or (e))",
)


@dataclass(frozen=True, slots=True)
class DataKind:
    """One kind of personal data. `deleted_by` names functions of the register; empty where it is kept."""

    name: str
    what: LocalizedText
    why: LocalizedText
    basis: LocalizedText
    kept: LocalizedText
    deleted_by: tuple[str, ...] = ()


KINDS: Final[Sequence[DataKind]] = (
    DataKind(
        "account",
        LocalizedText(
            "naam en kenmerk van wie inlogt, de persoon bij de aanbieder van het inloggen, laatste dag van inloggen",
            "name and handle of who signs in, the person at the identity provider, last day of signing in",
        ),
        LocalizedText("herkennen wie iets doet, en wie wat mag", "to know who acts, and who may do what"),
        _TASK,
        LocalizedText(
            "tot twee jaar na het einde van de laatste rol; daarna blijft een nummer zonder naam",
            "until two years after the end of the last role; then a number without a name stays",
        ),
        ("app.privacy.retention.erase_former_people", "app.privacy.erasure.erase_person"),
    ),
    DataKind(
        "session",
        LocalizedText("sessies, met de naam van de browser", "sessions, with the name of the browser"),
        LocalizedText("ingelogd blijven, en zien waar dat is", "to stay signed in, and to see where"),
        _INTEREST,
        LocalizedText(
            "een dag na het einde (hoogstens 12 uur open)", "a day after the end (open for 12 hours at most)"
        ),
        ("app.access.upkeep.delete_old_access",),
    ),
    DataKind(
        "sign-in",
        LocalizedText(
            "een begonnen inlog, en links per mail: adres en tijden",
            "a sign-in that has begun, and links by mail: address and times",
        ),
        LocalizedText("veilig inloggen", "to sign in safely"),
        _INTEREST,
        LocalizedText("een dag na het verlopen", "a day after they expire"),
        ("app.access.upkeep.delete_old_access", "app.access.sign_in.use_logout_token"),
    ),
    DataKind(
        "rate limit",
        LocalizedText(
            "hash van een netwerkadres met het geheim van de dag",
            "hash of a network address with the secret of the day",
        ),
        LocalizedText("misbruik beperken", "to limit abuse"),
        _INTEREST,
        LocalizedText(
            "een dag; daarna is de hash niet te herleiden", "a day; then the hash cannot be undone"
        ),
        ("app.access.upkeep.delete_old_access",),
    ),
    DataKind(
        "invitation",
        LocalizedText("naam en mailadres van wie is uitgenodigd", "name and address of who was invited"),
        LocalizedText(
            "iemand een rol aanbieden; een aanvaarde uitnodiging is het adres in de lijst van mensen",
            "to offer someone a role; an accepted invitation is the address in the list of people",
        ),
        _TASK,
        LocalizedText(
            "niet aanvaard: 30 dagen na het einde; aanvaard: zolang het account",
            "not accepted: 30 days after its end; accepted: as long as the account",
        ),
        ("app.access.invitations.delete_old_invitations", "app.privacy.erasure.erase_person"),
    ),
    DataKind(
        "join request",
        LocalizedText(
            "naam en mailadres van wie een organisatie aanmeldt",
            "name and address of who asks for an organisation to join",
        ),
        LocalizedText("beslissen of een organisatie meedoet", "to decide whether an organisation joins"),
        _TASK,
        LocalizedText(
            "niet bevestigd: twee dagen; na het besluit: 30 dagen",
            "not confirmed: two days; after the decision: 30 days",
        ),
        ("app.organisations.joining.delete_old_requests",),
    ),
    DataKind(
        "contact",
        LocalizedText(
            "contactpersoon, persoonlijk adres en telefoon van een organisatie; naam en adres van een particulier of"
            " eenmanszaak",
            "contact person, personal address and telephone of an organisation; name and address of a private person or"
            " sole trader",
        ),
        LocalizedText(
            "de eigenaar van een sensor kunnen bereiken", "to be able to reach the owner of a sensor"
        ),
        _TASK,
        LocalizedText(
            "zolang de organisatie in het register staat; een beheerder wijzigt of leegt de velden",
            "as long as the organisation is in the register; an administrator changes or empties the fields",
        ),
        ("app.organisations.actions.amend_organisation", "app.privacy.erasure.erase_person"),
    ),
    DataKind(
        "mail",
        LocalizedText("ontvanger en tekst van mail", "receiver and text of mail"),
        LocalizedText(
            "mail versturen, en zien of dat lukte", "to send mail, and to see whether it succeeded"
        ),
        _TASK,
        LocalizedText(
            "de tekst tot hij is verstuurd of geen zin meer heeft (meestal twee dagen); de rest 30 dagen",
            "the text until it was sent or is of no use any more (mostly two days); the rest 30 days",
        ),
        ("app.mail.outbox.delete_old_mail",),
    ),
    DataKind(
        "repeated request",
        LocalizedText(
            "antwoorden op verzoeken met een Idempotency-Key", "answers to requests with an Idempotency-Key"
        ),
        LocalizedText(
            "een herhaald verzoek hetzelfde antwoorden", "to answer a repeated request with the same"
        ),
        _INTEREST,
        LocalizedText("een dag", "a day"),
        ("app.access.idempotency.delete_old_answers",),
    ),
    DataKind(
        "draft",
        LocalizedText(
            "concepten van registraties, met wie welke stap bewaarde",
            "drafts of registrations, with who saved which step",
        ),
        LocalizedText("later verdergaan met een registratie", "to go on with a registration later"),
        _TASK,
        LocalizedText(
            "een jaar na de laatste wijziging, met 30 dagen daarvoor een mail; of tot de versie die zij wijzigen, wordt"
            " gewist",
            "a year after the last change, with a mail 30 days before; or until the version that they change is erased",
        ),
        (
            "app.sensors.registration.old_drafts.delete_old_drafts",
            "app.sensors.registration.redaction.redact_sensor",
        ),
    ),
    DataKind(
        "import",
        LocalizedText(
            "bestanden van imports, en rijen met problemen: wat een eigenaar erin zette",
            "files of imports, and rows with problems: whatever an owner wrote in them",
        ),
        LocalizedText("een lijst controleren en toepassen", "to check and apply a list"),
        _TASK,
        LocalizedText(
            "het bestand en de plekken 30 dagen (`REGISTER_IMPORT_KEPT_DAYS`); het verslag blijft",
            "the file and its places 30 days (`REGISTER_IMPORT_KEPT_DAYS`); the report stays",
        ),
        ("app.imports.uploads.delete_old_files",),
    ),
    DataKind(
        "act",
        LocalizedText(
            "wie iets deed: het nummer van een account bij wat het deed",
            "who did something: the number of an account with what it did",
        ),
        LocalizedText("verantwoording over wat er is gewijzigd", "to account for what was changed"),
        _TASK,
        LocalizedText(
            "zolang het register; de naam verdwijnt met het account",
            "as long as the register; the name goes with the account",
        ),
    ),
    DataKind(
        "registration text",
        LocalizedText(
            "vrije teksten van registraties, waarin iemand een naam kan zetten",
            "free texts of registrations, in which someone can write a name",
        ),
        LocalizedText("het register is openbaar", "the register is public"),
        _TASK,
        LocalizedText(
            "zolang het register; wat er niet had mogen staan, wordt weggelakt",
            "as long as the register; what should not have been there is redacted",
        ),
        ("app.sensors.registration.redaction.redact_sensor",),
    ),
    DataKind(
        "remark",
        LocalizedText(
            "opmerkingen bij het beoordelen van een registratie, en redenen om een aangeboden sensor te weigeren,"
            " met wie ze schreef",
            "remarks in the review of a registration, and reasons to refuse an offered sensor, with who wrote them",
        ),
        LocalizedText("verantwoording over een besluit", "to account for a decision"),
        _TASK,
        LocalizedText(
            "zolang het register, of tot de inhoud van de registratie wordt gewist; de naam verdwijnt met het account",
            "as long as the register, or until the content of the registration is erased; the name goes with the"
            " account",
        ),
        ("app.sensors.registration.redaction.redact_sensor",),
    ),
    DataKind(
        "reporter",
        LocalizedText(
            "mailadres van een bewoner die iets meldt, versleuteld",
            "address of a resident who reports, encrypted",
        ),
        LocalizedText(
            "de bewoner antwoorden, als die daarom vraagt", "to answer the resident, who asked for that"
        ),
        _TASK,
        LocalizedText("30 dagen na het einde van de melding", "30 days after the end of the report"),
        ("app.reports.report_retention.delete_reporter_addresses",),
    ),
    DataKind(
        "report",
        LocalizedText(
            "tekst van een melding van een bewoner, het antwoord, en notities van wie haar behandelt",
            "text of a report of a resident, the answer, and notes of who handles it",
        ),
        LocalizedText(
            "de melding behandelen, en daarover verantwoorden", "to handle the report, and to account for it"
        ),
        _TASK,
        LocalizedText("2 jaar na het einde van de melding", "2 years after the end of the report"),
        ("app.reports.report_retention.delete_old_reports",),
    ),
    DataKind(
        "answer",
        LocalizedText(
            "antwoorden van organisaties over wat namens hen is geregistreerd",
            "answers of organisations about what was registered on their behalf",
        ),
        LocalizedText("bezwaar vastleggen", "to record an objection"),
        _TASK,
        LocalizedText(
            "zolang het register; de reden tot de inhoud van alle sensoren waar zij over gaat, is gewist",
            "as long as the register; the reason until the content of all sensors that it is about is erased",
        ),
        ("app.sensors.registration.redaction.redact_sensor",),
    ),
)


def write_table(language: Language) -> str:
    """The list as a table in Markdown."""
    headings = (
        LocalizedText("wat", "what"),
        LocalizedText("waarom", "why"),
        LocalizedText("grondslag om te overwegen", "legal basis to consider"),
        LocalizedText("hoe lang", "how long"),
        LocalizedText("verwijderd door", "deleted by"),
    )
    lines = [[heading.render(language) for heading in headings], ["---"] * len(headings)]
    lines += [
        [
            *(text.render(language) for text in (one.what, one.why, one.basis, one.kept)),
            ", ".join(f"`{name.rpartition('.')[2]}`" for name in one.deleted_by) or "-",
        ]
        for one in KINDS
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
