"""Names of files that say what they hold: `statistiek-utrecht-soort-2026-11-28.csv`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from app.core.i18n import Language, LocalizedText
from app.municipalities.codes import fold_name
from app.municipalities.provinces import PROVINCE_BY_CODE
from app.sensors.search.dimensions import Dimension
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SensorSearch

_MAX_LENGTH: Final = 60

DIMENSION_WORDS: Final[Mapping[Dimension, LocalizedText]] = {
    Dimension.MUNICIPALITY: LocalizedText("gemeente", "municipality"),
    Dimension.PROVINCE: LocalizedText("provincie", "province"),
    Dimension.SENSOR_TYPE: LocalizedText("soort", "kind"),
    Dimension.THEME: LocalizedText("thema", "theme"),
    Dimension.SMART_CITY_THEME: LocalizedText("slimme-stad", "smart-city"),
    Dimension.OWNER: LocalizedText("eigenaar", "owner"),
    Dimension.OWNER_TYPE: LocalizedText("soort-eigenaar", "owner-type"),
    Dimension.PERSONAL_DATA: LocalizedText("persoonsgegevens", "personal-data"),
    Dimension.LEGAL_GROUND: LocalizedText("grondslag", "legal-ground"),
    Dimension.OPERATIONAL_STATUS: LocalizedText("status", "status"),
    Dimension.MOBILITY: LocalizedText("vast-of-mobiel", "fixed-or-mobile"),
    Dimension.PLACED_MONTH: LocalizedText("geplaatst-per-maand", "placed-by-month"),
    Dimension.ENDED_MONTH: LocalizedText("geeindigd-per-maand", "ended-by-month"),
    Dimension.NOTIFIED_LATE: LocalizedText("te-laat-gemeld", "notified-late"),
    Dimension.CONFIRMED: LocalizedText("bevestigd", "confirmed"),
}

_COUNTRY: Final = LocalizedText("nederland", "netherlands")
_SELECTION: Final = LocalizedText("selectie", "selection")


def name_file(
    subject: LocalizedText, what: Sequence[str], day: date, language: Language, suffix: str = "csv"
) -> str:
    """The name of a file: its subject, what it holds, and the day of it; in letters, digits and hyphens."""
    words = [subject.render(language), *what]
    return "-".join((*(_make_slug(word) for word in words), day.isoformat())) + f".{suffix}"


def describe_search(search: SensorSearch, reference_data: ReferenceData, language: Language) -> list[str]:
    """The place and the kind of a search in words; `selection` where it has other criteria, the country without any."""
    words: list[LocalizedText] = []
    values = dict(search.values)
    if search.municipality:
        name = reference_data.directory.get_municipality(search.municipality.code).name
        words.append(LocalizedText(name, name))
    if search.province:
        name = PROVINCE_BY_CODE[search.province.code].name
        words.append(LocalizedText(name, name))
    if len(kinds := values.get("sensorType", ())) == 1:
        words.append(reference_data.vocabularies.label("sensorType", kinds[0]))
        del values["sensorType"]
    statuses = () if set(search.statuses) == set(OPERATIONAL_STATUSES) else search.statuses
    rest = replace(
        search, municipality=None, province=None, values=values, statuses=statuses, as_of=None, order=()
    )
    if not rest.is_whole_collection:
        words.append(_SELECTION)
    return [word.render(language) for word in words or [_COUNTRY]]


def _make_slug(name: str) -> str:
    return fold_name(name).replace(" ", "-")[:_MAX_LENGTH]
