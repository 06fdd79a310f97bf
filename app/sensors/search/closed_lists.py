"""Values of closed lists in a search: one that no sensor can have is explained, and not searched."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.closed_lists import refuse_value
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter
from app.core.suggestions import find_nearest
from app.municipalities.known_values import Identification, explain_municipality
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.plain_text import tidy_code
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY
from app.sensors.search.reference_data import ReferenceData

_MUNICIPALITY_CODES: Final = ("municipalityCode", "municipalityCodes")
_MUNICIPALITY_NAME: Final = "municipalityName"
_SEARCH_BY_MUNICIPALITY: Final = LocalizedText(
    " Zoek met municipality={code}.", " Search by municipality={code}."
)


def find_vocabulary(name: str) -> str | None:
    """The vocabulary of a property's codes; None for other properties."""
    if name == "smartCityTheme":
        return name
    field = FIELD_BY_NAME.get(name)
    return field.vocabulary if field else None


@dataclass(frozen=True, slots=True)
class ClosedLists:
    """The values that a property can have, on a day."""

    reference_data: ReferenceData
    today: date

    def explain_value(self, name: str, word: str) -> InvalidParameter | None:
        """The mistake in a value that no sensor can have, with the nearest one; None for a value that may occur."""
        if name == STATUS_PROPERTY:
            known = word in OPERATIONAL_STATUSES
            return None if known else refuse_value(name, word, find_nearest(word, OPERATIONAL_STATUSES))
        if (vocabulary := find_vocabulary(name)) is not None:
            vocabularies = self.reference_data.vocabularies
            # Sensors registered earlier may still have a term that has ended.
            if word in vocabularies.labels(vocabulary):
                return None
            return refuse_value(name, word, vocabularies.nearest(vocabulary, word, self.today))
        if name == "publicCode":
            tidied = tidy_code(word)
            return None if tidied == word else refuse_value(name, word, tidied or None)
        if name in _MUNICIPALITY_CODES or name == _MUNICIPALITY_NAME:
            identification: Identification = "name" if name == _MUNICIPALITY_NAME else "code"
            return explain_municipality(
                self.reference_data.directory, name, word, identification, _SEARCH_BY_MUNICIPALITY
            )
        return None
