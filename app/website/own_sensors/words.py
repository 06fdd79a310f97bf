"""Words of the table of an organisation's sensors."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LocalizedText
from app.sensors.bulk.many import Refusal
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.presentation import Labels
from app.sensors.registration.owner_faults import Fault, FaultKind
from app.sensors.registration.owner_list import OwnerSort
from app.sensors.registration.owner_tasks import OwnerTask

SORT_NAMES: Final[Mapping[OwnerSort, LocalizedText]] = {
    OwnerSort.REFERENCE: LocalizedText("referentie", "reference"),
    OwnerSort.CODE: LocalizedText("registratienummer", "registration number"),
    OwnerSort.TYPE: LocalizedText("soort", "kind"),
    OwnerSort.PLACED: LocalizedText("nieuwste eerst", "newest first"),
    OwnerSort.UNTIL: LocalizedText("einddatum", "end date"),
    OwnerSort.CONFIRM_BY: LocalizedText("te bevestigen", "to be confirmed"),
    OwnerSort.CHANGED: LocalizedText("laatst gewijzigd", "last changed"),
}

TASK_NAMES: Final[Mapping[OwnerTask, LocalizedText]] = {
    OwnerTask.OVERDUE: LocalizedText("te laat met bevestigen", "confirmation overdue"),
    OwnerTask.CONFIRM: LocalizedText("bevestigen binnen 60 dagen", "confirm within 60 days"),
    OwnerTask.END: LocalizedText("einddatum bereikt of dichtbij", "end date reached or near"),
    OwnerTask.AUTHORISATION: LocalizedText("besluit loopt af of is afgelopen", "decision ends or has ended"),
}

_FAULT_NAMES: Final[Mapping[FaultKind, LocalizedText]] = {
    FaultKind.EMPTY: LocalizedText("Niet ingevuld", "Not filled in"),
    FaultKind.LINK: LocalizedText("Link antwoordt niet", "Link does not answer"),
    FaultKind.WARNING: LocalizedText("Misschien niet goed", "May not be right"),
}


def name_fault(fault: Fault, labels: Labels) -> str:
    """A gap or doubt in a few words: the matter, and the label of the field."""
    return f"{labels.render(_FAULT_NAMES[fault.kind])}: {labels.render(FIELD_BY_NAME[fault.field].label)}"


REFUSALS: Final[Mapping[Refusal, LocalizedText]] = {
    Refusal.NOT_PUBLISHED: LocalizedText(
        "Nog niet openbaar: bevestigen kan na de publicatie",
        "Not public yet: it can be confirmed once it is published",
    ),
    Refusal.REMOVED: LocalizedText("Al als verwijderd gemeld", "Reported removed already"),
    Refusal.BEFORE_PLACED: LocalizedText(
        "Op deze dag stond de sensor er nog niet. Komt hij er niet? Trek de registratie dan in",
        "The sensor was not there yet on this day. Will it not come? Then withdraw the registration",
    ),
    Refusal.IN_FUTURE: LocalizedText("Deze dag moet nog komen", "This day has not come yet"),
    Refusal.NOT_SUBMITTED: LocalizedText(
        "Ligt niet (meer) ter beoordeling", "Not (or no longer) submitted for review"
    ),
    Refusal.CHANGED: LocalizedText(
        "De indiener heeft dit intussen gewijzigd", "Its submitter has changed it in the meantime"
    ),
    Refusal.OWN_SUBMISSION: LocalizedText(
        "Een andere beoordelaar beslist hierover", "Another reviewer decides about this"
    ),
    Refusal.UNCHANGED: LocalizedText("Dit was vandaag al gemeld", "This was reported today already"),
}

NOTHING_CHOSEN: Final = LocalizedText(
    "Kies eerst een of meer sensoren: zet er een vinkje voor.",
    "First choose one or more sensors: tick their boxes.",
)

NO_ANSWER: Final = LocalizedText("Vul een antwoord in.", "Fill in an answer.")
