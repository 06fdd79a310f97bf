"""Validation of one record as a whole: all problems at once, or a record that can be stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from geoalchemy2.shape import from_shape
from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.municipalities.queries import Place, find_municipality_at
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS, PERSONAL_DATA, FieldKind
from app.sensors.registration.field_parsers import ValidationContext, is_empty, parse_uuid, read_value
from app.sensors.registration.named_areas import as_multipolygon, join_boundaries
from app.sensors.registration.reach import find_out_of_reach
from app.sensors.registration.rules import VIEW, find_problems, find_warnings
from app.spatial.crs import transform_geometry_to_rd
from app.spatial.sector import field_of_view

READ_ONLY = frozenset(DERIVED_LABELS) | {
    "id",
    "warnings",
    "receipt",
    "ownerName",
    "operatorName",
    "controllerName",
}
"""Names that an answer holds and a request may not set."""


MAX_UNKNOWN = 20
"""Maximum number of problems with names: a record of another register has one in every field."""

MAX_NAMED_AREAS = 400
"""More than there are municipalities."""


@dataclass(frozen=True, slots=True)
class CheckedSensor:
    """A record without problems: values by wire name, the columns of its version, its municipality.

    `place` is the municipality of the location; None for a mobile sensor.
    """

    values: Mapping[str, Any]
    columns: Mapping[str, Any]
    warnings: tuple[Problem, ...]
    place: Place | None


def check_sensor(
    session: Session, given: Mapping[str, Any], validation_context: ValidationContext
) -> CheckedSensor:
    """Check one record against every rule.

    Raises: InvalidRequest naming all problems at once.
    """
    check_names(validation_context, given)
    area = given.get("operatingArea")
    named_areas = read_named_areas(validation_context, area) if isinstance(area, list) else None
    values = {
        field.name: read_value(
            validation_context,
            field,
            None if named_areas is not None and field.name == "operatingArea" else given.get(field.name),
        )
        for field in FIELDS
    }
    if named_areas:
        values["operatingArea"] = join_boundaries(session, named_areas)
    filled_in = frozenset(name for name, raw in given.items() if not is_empty(raw))
    validation_context.problems.extend(find_problems(validation_context, filled_in, values))
    place, warnings = _place(session, validation_context, values)
    if validation_context.problems:
        raise InvalidRequest(
            LocalizedText(
                "De melding is niet compleet of klopt niet.", "The registration is incomplete or not right."
            ),
            problems=validation_context.problems,
        )
    warnings += find_warnings(validation_context, filled_in, values)
    warnings += _find_out_of_reach(values)
    values |= infer_values(values)
    derived = _derive_view(values)
    return CheckedSensor(values, _columns(values, named_areas, derived), tuple(warnings), place)


OWNER_ENDED: Final = Problem(
    ProblemCode.ORGANISATION_ENDED,
    "/owner",
    LocalizedText(
        "Deze organisatie is beëindigd en kan geen sensoren meer krijgen. Noem de organisatie die nu eigenaar is.",
        "This organisation has ended and cannot get sensors any more. Name the organisation that is the owner now.",
    ),
)


def check_new_owner(validation_context: ValidationContext, given: Mapping[str, Any]) -> None:
    """Add a problem when a sensor is given to an organisation that has ended; sensors that it has can change."""
    identifier = parse_uuid(given.get("owner"))
    owner = validation_context.organisations.get(identifier) if identifier else None
    if owner is not None and owner.has_ended:
        validation_context.problems.append(OWNER_ENDED)


def check_names(
    validation_context: ValidationContext, given: Iterable[str], *, known: Collection[str] = FIELD_BY_NAME
) -> None:
    """Add a problem for each name that is not one of the known fields, or that only the register sets."""
    unknown = [name for name in given if name not in known]
    for name in unknown[:MAX_UNKNOWN]:
        if name in READ_ONLY:
            detail = LocalizedText(
                "Dit veld vult het register zelf in.", "The register fills this field in itself."
            )
            validation_context.refuse(f"/{name}", ProblemCode.READ_ONLY, detail)
            continue
        pointer = "/" + name[:100].replace("~", "~0").replace("/", "~1")
        nearest = find_nearest(name, known)
        advice = ask_whether_meant(nearest)
        detail = LocalizedText(
            f"Dit veld kennen wij niet.{advice.nl}", f"We do not know this field.{advice.en}"
        )
        validation_context.refuse(pointer, ProblemCode.UNKNOWN_FIELD, detail, suggestion=nearest or ABSENT)


def read_named_areas(validation_context: ValidationContext, raw: list[Any]) -> list[str]:
    """The municipality codes of an operating area that is given by its municipalities, each once."""
    if len(raw) > MAX_NAMED_AREAS:
        detail = LocalizedText(f"Noem er hoogstens {MAX_NAMED_AREAS}.", f"Name at most {MAX_NAMED_AREAS}.")
        validation_context.refuse("/operatingArea", ProblemCode.TOO_MANY, detail, len(raw))
        return []
    codes = []
    for index, code in enumerate(raw):
        if isinstance(code, str) and code in validation_context.municipalities:
            codes.append(code)
        else:
            detail = LocalizedText(
                "Geef de code van een gemeente van nu, zoals GM0363.",
                "Give the code of a present municipality, like GM0363.",
            )
            validation_context.refuse(
                f"/operatingArea/{index}", ProblemCode.UNKNOWN_MUNICIPALITY, detail, code
            )
    return list(dict.fromkeys(codes))


def infer_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the default values: the sensor is public, and the owner is the controller of the data."""
    controller = values["controller"]
    if controller is None and values["personalData"] in PERSONAL_DATA:
        controller = values["owner"]
    return {"visibility": values["visibility"] or "public", "controller": controller}


def _find_out_of_reach(values: Mapping[str, Any]) -> list[Problem]:
    """The warning for an observed area that the sensor cannot reach; `bulk.geometry_arrays` does it for many."""
    point, operating, observed = (
        np.array([values[name] and transform_geometry_to_rd(values[name])], dtype=object)
        for name in ("location", "operatingArea", "observedArea")
    )
    ranges, tolerances = (
        np.array([values["viewRangeM"]], dtype=float),
        np.array([values["locationAccuracyM"] or 0.0]),
    )
    warnings = find_out_of_reach(point, operating, observed, ranges, tolerances)
    return list(warnings.values())


def _derive_view(values: dict[str, Any]) -> bool:
    """Derive the field of view where it is not given; return whether it was derived."""
    view = [values[name] for name in VIEW]
    if values["observedArea"] is not None or values["location"] is None or None in view:
        return False
    values["observedArea"] = field_of_view(values["location"].x, values["location"].y, *view)
    return True


def _place(
    session: Session, validation_context: ValidationContext, values: Mapping[str, Any]
) -> tuple[Place | None, list[Problem]]:
    """The municipality of the location; a problem outside all of them, a warning just outside one."""
    location = values["location"]
    if location is None:
        return None, []
    point = transform_geometry_to_rd(location)
    place = find_municipality_at(session, point.x, point.y)
    if place is None:
        validation_context.problems.append(describe_outside([location.x, location.y]))
        return None, []
    return place, [] if place.distance_m == 0 else [describe_near(place)]


def describe_outside(position: list[float]) -> Problem:
    """The problem of a place (longitude, latitude) that is near no municipality."""
    detail = LocalizedText(
        "Deze plek ligt niet in een Nederlandse gemeente. Kijk de coördinaten na.",
        "This place is not in a Dutch municipality. Check the coordinates.",
    )
    return Problem(ProblemCode.OUTSIDE_MUNICIPALITIES, "/location", detail, position)


def describe_near(place: Place) -> Problem:
    """The warning for a place in no municipality, near this one."""
    detail = LocalizedText(
        f"Deze plek ligt {place.distance_m:.0f} m buiten {place.name}, de dichtstbijzijnde gemeente.",
        f"This place is {place.distance_m:.0f} m outside {place.name}, the nearest municipality.",
    )
    return Problem(ProblemCode.NEAR_MUNICIPALITY, "/location", detail, place.code)


def _columns(values: Mapping[str, Any], named_areas: list[str] | None, derived: bool) -> dict[str, Any]:  # noqa: FBT001 - one private caller
    """The values by column, geometries in both systems."""
    columns: dict[str, Any] = {
        "operating_municipalities": named_areas or None,
        "observed_area_derived": derived,
    }
    for field in FIELDS:
        value = values.get(field.name)
        if not field.is_geometry:
            columns[field.column] = value
        elif value is None:
            columns |= {field.column: None, f"{field.column}_rd": None}
        else:
            shape = value if field.kind is FieldKind.POINT else as_multipolygon(value)
            columns[field.column] = from_shape(shape, srid=4258)
            columns[f"{field.column}_rd"] = from_shape(transform_geometry_to_rd(shape), srid=28992)
    return columns
