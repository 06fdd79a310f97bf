"""The search of the table from its address, and which sensors of it were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from app.sensors.registration.owner_faults import Fault
from app.sensors.registration.owner_list import OwnerSearch, OwnerSort
from app.sensors.registration.owner_tasks import OwnerTask
from app.sensors.registration_status import RegistrationStatus
from app.sensors.search.operational_status import OperationalStatus
from app.website.account.forms import parse_page

SEARCH_FIELDS: Final = ("zoek", "soort", "melding", "gebruik", "taak", "fout", "gebied")
"""Names of the fields of the search, as the address has them."""

_MAX_WORDS: Final = 100

_Known = TypeVar("_Known", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ListForm:
    """The request for a list: the search, its order and page; `values` are the filled-in fields of the search."""

    search: OwnerSearch
    sort: OwnerSort
    page: int
    values: Mapping[str, str]

    def write_query(self, **changed: str | int) -> str:
        """The address of this list as a query, with other fields."""
        fields: dict[str, str | int] = {**self.values, "volgorde": self.sort.value, "bladzijde": self.page}
        return urlencode(fields | changed)


def read_list_form(given: Mapping[str, str], owner_id: UUID) -> ListForm:
    """The form of an address; what cannot be read counts as left open."""
    values = {name: given[name].strip() for name in SEARCH_FIELDS if given.get(name, "").strip()}
    words = values.get("zoek", "")[:_MAX_WORDS]
    search = OwnerSearch(
        owner_id=owner_id,
        words=words,
        sensor_type=values.get("soort"),
        registration_status=_read_status(values.get("melding"), RegistrationStatus),
        operational_status=_read_status(values.get("gebruik"), OperationalStatus),
        fault=Fault.parse(values.get("fout", "")),
        task=_read_status(values.get("taak"), OwnerTask),
        box=read_box(values.get("gebied", "")),
    )
    return ListForm(
        search=search,
        sort=_read_status(given.get("volgorde"), OwnerSort) or OwnerSort.REFERENCE,
        page=parse_page(given.get("bladzijde", "1")),
        values=values,
    )


def read_box(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north in degrees, with commas in between; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    is_box = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if is_box else None


def _read_status(text: str | None, known: type[_Known]) -> _Known | None:
    return known(text) if text in {one.value for one in known} else None
