"""The twelve provinces, with the codes of Statistics Netherlands (CBS) and TOOI."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.municipalities.codes import fold_name


@dataclass(frozen=True, slots=True)
class Province:
    """A province; `code` is as PV27."""

    code: str
    name: str


PROVINCES: Final = tuple(
    Province(f"PV{number}", name)
    for number, name in enumerate(
        (
            "Groningen", "Fryslân", "Drenthe", "Overijssel", "Flevoland", "Gelderland", "Utrecht", "Noord-Holland",
            "Zuid-Holland", "Zeeland", "Noord-Brabant", "Limburg",
        ),
        start=20,
    )
)  # fmt: skip
"""The provinces in order of code, which is from north to south."""

PROVINCE_BY_CODE: Final = {province.code: province for province in PROVINCES}

# North Brabant and the like: GeoNames and English readers.
_ALIASES: Final = {
    "friesland": "PV21", "north holland": "PV27", "south holland": "PV28", "zealand": "PV29", "brabant": "PV30",
    "north brabant": "PV30",
}  # fmt: skip
_CODE_BY_NAME: Final[Mapping[str, str]] = _ALIASES | {fold_name(one.name): one.code for one in PROVINCES}


def list_spellings() -> Mapping[str, str]:
    """The code of each province by its name and by its other names, in lower case."""
    return _CODE_BY_NAME


def find_province(spelled: str) -> Province | None:
    """The province with this code (PV27, pv27, 27) or name, with any capitals and accents; None for another text."""
    text = spelled.strip()
    digits = text.upper().removeprefix("PV")
    code = f"PV{digits}" if digits.isdecimal() else _CODE_BY_NAME.get(_fold(text), "")
    return PROVINCE_BY_CODE.get(code)


def get_province(asked: str, *, location: str = "province") -> Province:
    """The province of a query parameter. Raises: InvalidRequest with the nearest name."""
    found = find_province(asked)
    if found is not None:
        return found
    nearest = find_nearest(_fold(asked[:50]), _CODE_BY_NAME)
    meant = PROVINCE_BY_CODE[_CODE_BY_NAME[nearest]] if nearest else None
    question = ask_whether_meant(f"{meant.name} ({meant.code})" if meant else None)
    detail = LocalizedText(
        f"{asked[:50]} is geen provincie. Geef een naam of code, zoals Utrecht of PV26.{question.nl}",
        f"{asked[:50]} is no province. Give a name or code, such as Utrecht or PV26.{question.en}",
    )
    suggestion = meant.code if meant else ABSENT
    raise InvalidRequest(
        detail,
        problems=[
            Problem(ProblemCode.UNKNOWN_VALUE, location, detail, asked[:100], suggestion, where="query")
        ],
    )


def _fold(name: str) -> str:
    return fold_name(name).removeprefix("provincie ")
