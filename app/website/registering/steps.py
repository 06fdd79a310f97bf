"""The steps of the form, and the questions of each: those that most sensors need, and more that may be filled in."""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText

CHECK: Final = "controleren"
"""The last step: everything on one page, before it is sent."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions. `path` is its part of the address; `more` are the names of fields that fold."""

    path: str
    title: LocalizedText
    lead: LocalizedText
    fields: tuple[str, ...]
    more: tuple[str, ...]
    more_title: LocalizedText

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all its fields."""
        return self.fields + self.more


_MORE: Final = LocalizedText("Meer gegevens (niet verplicht)", "More details (optional)")

STEPS: Final = (
    Step(
        "wat",
        LocalizedText("Wat", "What"),
        LocalizedText(
            "Wat voor sensor is het, en wat meet hij?", "What kind of sensor is it, and what does it measure?"
        ),
        ("sensorType", "sensorTypeOther", "sensorSubtype", "measures", "reference", "name"),
        (
            "summary",
            "manufacturer",
            "model",
            "supplier",
            "specificationUrl",
            "connectivity",
            "owner",
            "operator",
            "controller",
        ),
        LocalizedText(
            "Meer over het apparaat, en wie het beheert (niet verplicht)",
            "More about the device, and who operates it (optional)",
        ),
    ),
    Step(
        "waar",
        LocalizedText("Waar", "Where"),
        LocalizedText("Waar staat of rijdt de sensor?", "Where does the sensor stand or move?"),
        (
            "mobility",
            "location",
            "viewDirectionDeg",
            "viewAngleDeg",
            "viewRangeM",
            "operatingArea",
            "locationDescription",
        ),
        (
            "observedArea",
            "mounting",
            "heightM",
            "heightReference",
            "postcode",
            "houseNumber",
            "locationAccuracy",
            "locationAccuracyM",
            "bgtId",
        ),
        _MORE,
    ),
    Step(
        "waarom",
        LocalizedText("Waarom", "Why"),
        LocalizedText("Waarvoor staat de sensor er?", "What is the sensor for?"),
        ("purpose", "themes"),
        (
            "project",
            "authorisationDecidedBy",
            "authorisationDecidedOn",
            "authorisationValidUntil",
            "authorisationReference",
            "authorisationUrl",
        ),
        LocalizedText(
            "Het project, en het besluit of de vergunning (niet verplicht)",
            "The project, and the decision or permit (optional)",
        ),
    ),
    Step(
        "gegevens",
        LocalizedText("Gegevens", "Data"),
        LocalizedText(
            "Welke gegevens verzamelt de sensor, en waarom mag dat?",
            "Which data does the sensor collect, and why is that allowed?",
        ),
        (
            "personalData",
            "gdprBases",
            "legalBasisText",
            "legalBasisUrl",
            "legitimateInterest",
            "privacyStatementUrl",
            "dpiaStatus",
            "dpiaReference",
            "dpiaUrl",
            "dpiaDate",
            "retentionKind",
            "retentionPeriod",
        ),
        (
            "dataTypes",
            "processing",
            "recipients",
            "storage",
            "thirdCountry",
            "processingRegisterUrl",
            "aiUse",
            "aiNotice",
            "aiRegistryUrl",
            "algorithmRegisterUrl",
            "openData",
            "dataUrl",
            "moreInfoUrl",
        ),
        LocalizedText(
            "Meer over de gegevens, AI en open data (niet verplicht)",
            "More about the data, AI and open data (optional)",
        ),
    ),
    Step(
        "hoe-lang",
        LocalizedText("Hoe lang", "How long"),
        LocalizedText(
            "Van wanneer tot wanneer staat de sensor er?", "From when until when is the sensor there?"
        ),
        ("placedFrom", "activeUntil"),
        ("visibility", "visibilityReason", "securitySupportUntil"),
        LocalizedText(
            "Zichtbaarheid en beveiligingsupdates (niet verplicht)",
            "Visibility and security updates (optional)",
        ),
    ),
)

STEP_BY_PATH: Final = {step.path: step for step in STEPS}

STEP_OF: Final = {name: step for step in STEPS for name in step.names}
"""The step of each field that the form asks for; `removedOn` is reported by itself."""


def find_next(step: Step) -> str:
    """The path of the step that follows: that of the check after the last."""
    index = STEPS.index(step) + 1
    return STEPS[index].path if index < len(STEPS) else CHECK


def find_previous(step: Step) -> str | None:
    """The path of the step before; None for the first."""
    index = STEPS.index(step) - 1
    return STEPS[index].path if index >= 0 else None
