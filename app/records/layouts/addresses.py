"""The place of rows that have an address only."""

from collections.abc import Mapping
from typing import Any, Final

import shapely

from app.core.formatting import count_rows
from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.records.geocoding import ADDRESS_ACCURACY_METRES, PostalAddress
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.row_transforms import list_registered
from app.records.layouts.table_mapping import RowBatch

_ADDRESS: Final = ("postcode", "houseNumber")


class AddressReader:
    """Looks up the postcode and house number of rows that have no other place; needs their owner and reference.

    A registered sensor stays where it is while its address stays the same: its place may be more exact.
    """

    def __init__(self, context: ReadingContext, assumptions: AssumptionLog) -> None:
        self._geocoder = context.geocoder
        self._find = context.find_registered
        self._assumptions = assumptions

    def __call__(self, batch: RowBatch) -> None:
        wanted = self._list_wanted(batch)
        if not wanted:
            return
        for index, registered in enumerate(list_registered(batch, self._find, (*_ADDRESS, "location"))):
            if index in wanted and registered and registered.get("location") is not None:
                given = batch.given[index]
                if all(_is_same(given.get(name), registered.get(name)) for name in _ADDRESS):
                    del wanted[index]
                    given.pop("location", None)
                    self._assumptions.count("kept place", 1, _describe_kept)
        if not wanted:
            return
        if self._geocoder is None:
            self._assumptions.add("geocoder", _NO_GEOCODER)
            return
        found = self._geocoder.locate(list(wanted.values()))
        for index, address in wanted.items():
            place = found[address]
            if isinstance(place, Problem):
                batch.refuse(index, place)
                continue
            given = batch.given[index]
            given["location"] = shapely.Point(place.lon, place.lat)
            if given.get("locationAccuracy") is None:
                given |= {"locationAccuracy": "approximate", "locationAccuracyM": ADDRESS_ACCURACY_METRES}
            self._assumptions.add("address", _LOOKED_UP)

    def _list_wanted(self, batch: RowBatch) -> dict[int, PostalAddress]:
        return {
            index: address
            for index, given in enumerate(batch.given)
            if given.get("location") is None
            and given.get("operatingArea") is None
            and given.get("mobility") != "mobile"
            and not any(problem.location == "/location" for problem in batch.problems.get(index, ()))
            and (address := _read_address(given))
        }


def _is_same(given: object, registered: object) -> bool:
    """Whether two parts of an address are the same, but for spaces and capitals."""
    return "".join(str(given).split()).lower() == "".join(str(registered).split()).lower()


def _describe_kept(number: int) -> LocalizedText:
    return LocalizedText(
        f"Het adres is gelijk gebleven, dus de plek ook: {count_rows(number).nl}.",
        f"The address has stayed the same, and so has the place: {count_rows(number).en}.",
    )


def _read_address(given: Mapping[str, Any]) -> PostalAddress | None:
    postcode, number = given.get("postcode"), given.get("houseNumber")
    return PostalAddress(postcode, number) if isinstance(postcode, str) and isinstance(number, str) else None


_NO_GEOCODER: Final = LocalizedText(
    "Adressen zijn niet opgezocht, want dit register heeft geen adressendienst. Geef coördinaten.",
    "Addresses were not looked up, for this register has no address service. Give coordinates.",
)
_LOOKED_UP: Final = LocalizedText(
    f"Van adressen zonder coördinaten is de plek opgezocht, bij benadering ({ADDRESS_ACCURACY_METRES} m).",
    f"For addresses without coordinates an approximate location was looked up ({ADDRESS_ACCURACY_METRES} m).",
)
