"""The attributes of a boundary file that contain code, name and province, by the names that sources use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry as Geometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.municipalities.codes import parse_code

# Listed in order of preference. Kadaster (code, naam, identificatie, ligt_in_provincie_naam), CBS (statcode,
# gm_code, gemeentecode), Eurostat (lau_id, gisco_id), OpenStreetMap (ref:gemeentecode), older deliveries.
_CODES = (
    *("code", "identificatie", "gemeentecode", "gemeente_code", "gm_code", "statcode", "gemcode", "gem_code"),
    *(
        "municipality_code",
        "municipalitycode",
        "lau_id",
        "lau_code",
        "gisco_id",
        "ref:gemeentecode",
        "cbscode",
    ),
)
_NAMES = (
    *("naam", "name", "gemeentenaam", "gemeente_naam", "gm_naam", "statnaam", "gemnaam", "gem_naam"),
    *("municipality_name", "municipalityname", "lau_name", "gemeente", "name_2", "officiele_naam"),
)
_PROVINCES = (
    *("ligt_in_provincie_naam", "provincienaam", "provincie_naam", "pv_naam", "prov_naam", "provincie"),
    *("province", "province_name", "name_1"),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a source: attributes by name, and a geometry in the reference system of the source."""

    attributes: dict[str, Any]
    geometry: Geometry | None


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality, or a part of one, with its code and name; the geometry is as in the source."""

    code: str
    name: str
    province: str | None
    geometry: Geometry | None


def parse_municipality_areas(features: Sequence[Feature]) -> list[Area]:
    """Parse code, name and province of every feature.

    Raises: InvalidRequest naming every feature whose code or name cannot be read.
    """
    if not features:
        raise InvalidRequest(LocalizedText("De bron is leeg.", "The source has no features."))
    code_attribute = _choose_attribute(features, _CODES)
    name_attribute = _choose_attribute(features, _NAMES)
    province_attribute = _choose_attribute(features, _PROVINCES)
    if code_attribute is None or name_attribute is None:
        raise InvalidRequest(_missing_attribute(features, "code" if code_attribute is None else "naam"))
    areas, problems = [], []
    for number, feature in enumerate(features, start=1):
        name = str(feature.attributes.get(name_attribute) or "").strip()
        spelled = feature.attributes.get(code_attribute)
        try:
            code = parse_code(spelled)
        except ValueError as wrong:
            problems.append(_bad_code(number, name, spelled, wrong))
            continue
        if not name:
            problems.append(_no_name(number, code))
            continue
        province = province_attribute and feature.attributes.get(province_attribute)
        areas.append(Area(code, name, str(province) if province else None, feature.geometry))
    if problems:
        raise InvalidRequest(
            LocalizedText("Niet elke gemeente is herkend.", "Some municipalities were not recognised."),
            problems=problems,
        )
    return areas


def _choose_attribute(features: Sequence[Feature], preferred: tuple[str, ...]) -> str | None:
    """The first preferred attribute with a value in any feature, as spelled in the source."""
    spelled = {
        name.casefold(): name
        for feature in features
        for name, value in feature.attributes.items()
        if value is not None and value != ""
    }
    return next((spelled[name] for name in preferred if name in spelled), None)


def _missing_attribute(features: Sequence[Feature], wanted: str) -> LocalizedText:
    found = ", ".join(sorted({name for feature in features for name in feature.attributes})) or "-"
    return LocalizedText(
        f"De bron heeft geen kenmerk voor de {wanted}; wel: {found}.",
        f"The source has no attribute for the {'code' if wanted == 'code' else 'name'}; it has: {found}.",
    )


def _bad_code(number: int, name: str, spelled: object, wrong: ValueError) -> Problem:
    return Problem(
        ProblemCode.INVALID_CODE,
        f"/features/{number - 1}",
        LocalizedText(
            f"Vlak {number} ({name or 'zonder naam'}) heeft geen gemeentecode, zoals GM0363: {spelled!r}.",
            f"Feature {number} ({name or 'no name'}): {wrong}.",
        ),
        value=spelled,
    )


def _no_name(number: int, code: str) -> Problem:
    return Problem(
        ProblemCode.MISSING_NAME,
        f"/features/{number - 1}",
        LocalizedText(f"Vlak {number} ({code}) heeft geen naam.", f"Feature {number} ({code}) has no name."),
    )
