"""Actions of the audit trail in words."""

from typing import Final

from app.core.i18n import LocalizedText

ACTION_NAMES: Final = {
    "register_sensor": LocalizedText("Sensor geregistreerd", "Sensor registered"),
    "save_sensor": LocalizedText("Concept bewaard", "Draft saved"),
    "submit_sensor": LocalizedText("Registratie ingediend", "Registration submitted"),
    "amend_sensor": LocalizedText("Registratie gewijzigd", "Registration changed"),
    "confirm_sensor": LocalizedText("Bevestigd dat de sensor er is", "Confirmed that the sensor is there"),
    "remove_sensor": LocalizedText("Gemeld dat de sensor weg is", "Reported that the sensor is gone"),
    "publish_sensor": LocalizedText("Ingediende registratie gepubliceerd", "Submission published"),
    "request_changes_sensor": LocalizedText("Wijzigingen gevraagd", "Changes requested"),
    "reject_sensor": LocalizedText("Ingediende registratie afgewezen", "Submission rejected"),
    "comment_sensor": LocalizedText("Opmerking gemaakt", "Comment made"),
    "answer_sensor": LocalizedText("Antwoord gegeven", "Answer given"),
    "withdraw_sensor": LocalizedText("Registratie ingetrokken", "Registration withdrawn"),
    "restore_sensor": LocalizedText("Registratie hersteld", "Registration restored"),
    "hide_sensor": LocalizedText("Zichtbaarheid gewijzigd", "Visibility changed"),
    "transfer_sensor": LocalizedText("Aan een andere eigenaar overgedragen", "Transferred to another owner"),
    "offer_transfer": LocalizedText(
        "Aan een andere organisatie aangeboden", "Offered to another organisation"
    ),
    "take_back_transfer": LocalizedText("Aanbod teruggenomen", "Offer taken back"),
    "refuse_transfer": LocalizedText("Aanbod geweigerd", "Offer refused"),
    "redact_sensor": LocalizedText("Uit de openbare geschiedenis gehaald", "Taken out of the public history"),
    "erase_sensor": LocalizedText("Inhoud gewist", "Content erased"),
    "import_sensors": LocalizedText("Sensoren geïmporteerd", "Sensors imported"),
    "undo_import": LocalizedText("Import ongedaan gemaakt", "Import undone"),
    "redact_import": LocalizedText("Import uit de geschiedenis gehaald", "Import taken out of the history"),
    "erase_import": LocalizedText("Inhoud van een import gewist", "Content of an import erased"),
    "delete_mapping": LocalizedText("Opgeslagen koppeling verwijderd", "Stored mapping deleted"),
    "answer_behalf_notice": LocalizedText(
        "Geantwoord over een registratie namens de organisatie", "Answered about a registration on behalf"
    ),
    "use_reminder_link": LocalizedText("De link in een herinnering gebruikt", "The link in a reminder used"),
    "ask_to_join": LocalizedText("Gevraagd om mee te doen", "Asked to join"),
    "register_organisation": LocalizedText("Organisatie toegevoegd", "Organisation added"),
    "amend_organisation": LocalizedText("Gegevens van de organisatie gewijzigd", "Organisation changed"),
    "end_organisation": LocalizedText("Organisatie beëindigd", "Organisation ended"),
    "reopen_organisation": LocalizedText("Organisatie heropend", "Organisation reopened"),
    "verify_organisation": LocalizedText("Organisatie toegelaten", "Organisation admitted"),
    "refuse_organisation": LocalizedText("Organisatie geweigerd", "Organisation refused"),
    "admit_principal": LocalizedText("Persoon of programma toegevoegd", "Person or program added"),
    "end_principal": LocalizedText("Toegang van een persoon beëindigd", "Access of a person ended"),
    "erase_person": LocalizedText("Gegevens van een persoon gewist", "Data of a person erased"),
    "invite_person": LocalizedText("Iemand uitgenodigd", "Someone invited"),
    "accept_invitation": LocalizedText("Uitnodiging aangenomen", "Invitation accepted"),
    "withdraw_invitation": LocalizedText("Uitnodiging ingetrokken", "Invitation withdrawn"),
    "grant_role": LocalizedText("Rol gegeven", "Role given"),
    "end_grant": LocalizedText("Rol beëindigd", "Role ended"),
    "issue_key": LocalizedText("Sleutel gemaakt", "Key made"),
    "revoke_key": LocalizedText("Sleutel ingetrokken", "Key revoked"),
    "sign_in": LocalizedText("Ingelogd", "Signed in"),
    "sign_out": LocalizedText("Uitgelogd", "Signed out"),
    "sign_in_failed": LocalizedText("Inloggen mislukt", "Sign-in failed"),
    "read_private_data": LocalizedText("Niet-openbare gegevens gelezen", "Private data read"),
    "forward_report": LocalizedText("Melding van een bewoner doorgestuurd", "Report of a resident forwarded"),
    "take_back_answer": LocalizedText(
        "Openbaar antwoord op een melding ingetrokken", "Public answer to a report taken back"
    ),
    "answer_report": LocalizedText("Melding van een bewoner beantwoord", "Report of a resident answered"),
    "reject_report": LocalizedText("Melding van een bewoner afgewezen", "Report of a resident rejected"),
    "set_duty": LocalizedText("Meldplicht vastgelegd", "Duty to notify set"),
    "take_back_duty": LocalizedText("Meldplicht teruggenomen", "Duty to notify taken back"),
    "trust_organisation": LocalizedText("Organisatie vertrouwd", "Organisation trusted"),
    "end_trust": LocalizedText("Organisatie niet meer vertrouwd", "Organisation no longer trusted"),
    "add_term": LocalizedText("Waarde aan een lijst toegevoegd", "Term added"),
    "amend_term": LocalizedText("Waarde van een lijst gewijzigd", "Term changed"),
    "relabel_term": LocalizedText("Naam van een waarde gewijzigd", "Term relabelled"),
    "end_term": LocalizedText("Waarde van een lijst beëindigd", "Term ended"),
    "load_municipality_edition": LocalizedText("Gemeentegrenzen geladen", "Municipal boundaries loaded"),
}
"""Names of actions, in the order in which a list offers them."""


def name_action(action: str) -> LocalizedText:
    """The name of an action; of an unknown one its code with spaces."""
    plain = action.replace("_", " ").capitalize()
    return ACTION_NAMES.get(action, LocalizedText(plain, plain))
