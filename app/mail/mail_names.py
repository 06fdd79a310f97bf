"""The kinds of mail in words, for who sees that one was not sent."""

from typing import Final

from app.core.i18n import LocalizedText

MAIL_NAMES: Final = {
    "receipt": LocalizedText("ontvangstbevestiging", "receipt"),
    "removal_receipts": LocalizedText(
        "ontvangstbevestigingen van gemelde verwijderingen", "receipts of removals that were reported"
    ),
    "review_decision": LocalizedText("besluit over een inzending", "decision about a submission"),
    "review_queue": LocalizedText("wat een gemeente moet beoordelen", "what a municipality must review"),
    "transfer": LocalizedText("overdracht van een sensor", "transfer of a sensor"),
    "reminder": LocalizedText("herinnering aan een eigenaar", "reminder to an owner"),
    "behalf_notice": LocalizedText(
        "bericht over een registratie namens een organisatie",
        "notice of a registration on behalf of an organisation",
    ),
    "behalf_objection": LocalizedText(
        "bezwaar tegen een registratie namens een organisatie",
        "objection to a registration on behalf of an organisation",
    ),
    "join_confirmation": LocalizedText(
        "bevestiging van het adres bij een aanmelding", "confirmation of the address of a request to join"
    ),
    "join_request": LocalizedText("aanmelding van een organisatie", "request of an organisation to join"),
    "join_refusal": LocalizedText("afwijzing van een aanmelding", "refusal of a request to join"),
    "invitation": LocalizedText("uitnodiging", "invitation"),
    "sign_in_link": LocalizedText("link om in te loggen", "link to sign in"),
    "report_received": LocalizedText(
        "ontvangst van een melding van een bewoner", "arrival of a resident's report"
    ),
    "report_forwarded": LocalizedText(
        "doorgestuurde melding van een bewoner", "resident's report that was forwarded"
    ),
    "report_answered": LocalizedText("antwoord aan een bewoner", "answer to a resident"),
    "reports_waiting": LocalizedText(
        "meldingen van bewoners die wachten", "residents' reports that wait for an answer"
    ),
    "old_drafts": LocalizedText("waarschuwing over een oud concept", "warning about an old draft"),
}
"""Each kind is the template of this name in `app/templates/mail`; a test compares the two."""


def name_mail(kind: str) -> LocalizedText:
    """A kind of mail in words; one of an older version by its own name."""
    return MAIL_NAMES.get(kind, LocalizedText(kind, kind))
