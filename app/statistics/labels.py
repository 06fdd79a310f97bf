"""Labels of the values by which sensors are counted, in Dutch and English, and the order in which they are listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from app.core.errors import InvalidRequest
from app.core.formatting import LOCALES
from app.core.i18n import LocalizedText
from app.municipalities.provinces import PROVINCE_BY_CODE
from app.sensors.fields import DERIVED_LABELS, FIELD_LABELS
from app.sensors.presentation import READER_LABELS, UNNAMED, YES_NO
from app.sensors.search.dimensions import CONFIRMED, NOT_NEEDED, OVERDUE, Dimension
from app.sensors.search.reference_data import ReferenceData

DIMENSION_LABELS: Final[Mapping[Dimension, LocalizedText]] = {
    Dimension.MUNICIPALITY: DERIVED_LABELS["municipalityCode"],
    Dimension.PROVINCE: LocalizedText("Provincie", "Province"),
    Dimension.SENSOR_TYPE: FIELD_LABELS["sensorType"],
    Dimension.THEME: FIELD_LABELS["themes"],
    Dimension.SMART_CITY_THEME: DERIVED_LABELS["smartCityTheme"],
    Dimension.OWNER: FIELD_LABELS["owner"],
    Dimension.OWNER_TYPE: LocalizedText("Soort eigenaar", "Type of owner"),
    Dimension.PERSONAL_DATA: FIELD_LABELS["personalData"],
    Dimension.LEGAL_GROUND: FIELD_LABELS["gdprBases"],
    Dimension.OPERATIONAL_STATUS: READER_LABELS["operationalStatus"],
    Dimension.MOBILITY: FIELD_LABELS["mobility"],
    Dimension.PLACED_MONTH: LocalizedText("Maand van plaatsing", "Month of placement"),
    Dimension.ENDED_MONTH: LocalizedText("Maand van het einde", "Month of the end"),
    Dimension.NOTIFIED_LATE: DERIVED_LABELS["notifiedLate"],
    Dimension.CONFIRMED: LocalizedText("Bevestigd door de eigenaar", "Confirmed by the owner"),
}

VOCABULARIES: Final[Mapping[Dimension, str]] = {
    Dimension.SENSOR_TYPE: "sensorType",
    Dimension.THEME: "themes",
    Dimension.SMART_CITY_THEME: "smartCityTheme",
    Dimension.OWNER_TYPE: "organisationType",
    Dimension.PERSONAL_DATA: "personalData",
    Dimension.LEGAL_GROUND: "gdprBases",
    Dimension.OPERATIONAL_STATUS: "operationalStatus",
    Dimension.MOBILITY: "mobility",
}
"""Dimensions whose values are codes of a vocabulary."""

_NOT_GIVEN: Final = LocalizedText("niet ingevuld", "not filled in")
_WITHOUT_VALUE: Final[Mapping[Dimension, LocalizedText]] = {
    Dimension.MUNICIPALITY: LocalizedText("buiten elke gemeente", "outside every municipality"),
    Dimension.PROVINCE: LocalizedText("provincie niet bekend", "province not known"),
    Dimension.LEGAL_GROUND: LocalizedText("geen grondslag ingevuld", "no legal ground filled in"),
    Dimension.PLACED_MONTH: LocalizedText("nog niet geplaatst", "not placed yet"),
    Dimension.ENDED_MONTH: LocalizedText("nog niet geëindigd", "not ended yet"),
    Dimension.CONFIRMED: LocalizedText(
        "niet meer nodig: de sensor is weg", "no longer needed: the sensor is gone"
    ),
}
_NO_GROUND_NEEDED: Final = LocalizedText("niet nodig: geen persoonsgegevens", "not needed: no personal data")
_CONFIRMED: Final = {
    CONFIRMED: LocalizedText("bevestigd", "confirmed"),
    OVERDUE: LocalizedText("niet op tijd bevestigd", "not confirmed in time"),
}


@dataclass(frozen=True, slots=True)
class StatisticsLabels:
    """Labels of values; `owner_names` are the public names of owners by id, None for one without a public name.

    The label of an owner that does not exist is its id.
    """

    reference_data: ReferenceData
    owner_names: Mapping[str, str | None]

    def name_value(self, dimension: Dimension, value: str | None) -> LocalizedText:
        """The label of a value; a value that no list has is its own label."""
        if value is None:
            return _WITHOUT_VALUE.get(dimension, _NOT_GIVEN)
        if value == NOT_NEEDED:
            return _NO_GROUND_NEEDED
        if (vocabulary := VOCABULARIES.get(dimension)) is not None:
            return self.reference_data.vocabularies.label(vocabulary, value)
        return self._name_other(dimension, value)

    def _name_other(self, dimension: Dimension, value: str) -> LocalizedText:
        match dimension:
            case Dimension.PLACED_MONTH | Dimension.ENDED_MONTH:
                label = _name_month(value)
            case Dimension.NOTIFIED_LATE:
                label = YES_NO[value == "true"]
            case Dimension.CONFIRMED:
                label = _CONFIRMED[value]
            case Dimension.OWNER if value not in self.owner_names:
                label = LocalizedText(value, value)
            case Dimension.OWNER:
                name = self.owner_names[value]
                label = LocalizedText(name, name) if name else UNNAMED
            case Dimension.PROVINCE:
                label = LocalizedText(PROVINCE_BY_CODE[value].name, PROVINCE_BY_CODE[value].name)
            case _:
                name = self._name_municipality(value)
                label = LocalizedText(name, name)
        return label

    def rank(self, dimension: Dimension, value: str | None) -> tuple[bool, int, str]:
        """The place of a value in a list: as its vocabulary has it, else by name or month; no value comes last."""
        if value is None:
            return True, 0, ""
        if (vocabulary := VOCABULARIES.get(dimension)) is not None:
            codes = list(self.reference_data.vocabularies.labels(vocabulary))
            return False, codes.index(value) if value in codes else len(codes), value
        is_named = dimension in (Dimension.MUNICIPALITY, Dimension.PROVINCE, Dimension.OWNER)
        return False, 0, self.name_value(dimension, value).nl.casefold() if is_named else value

    def _name_municipality(self, code: str) -> str:
        try:
            return self.reference_data.directory.get_municipality(code).name
        except InvalidRequest:
            return code


def _name_month(month: str) -> LocalizedText:
    first = date.fromisoformat(f"{month}-01")
    return LocalizedText(*(format_date(first, "MMMM y", LOCALES[language]) for language in ("nl", "en")))
