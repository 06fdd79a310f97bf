"""Rows that name their sensor by its registration number, as every export of the register does."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.records.layouts.headings import PUBLIC_CODE
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.row_transforms import list_registered, locate_problems
from app.records.layouts.table_mapping import RowBatch
from app.sensors.fields import FIELDS
from app.sensors.plain_text import fold_reference, tidy_code
from app.sensors.registration.queries import SensorIdentity

_PRECISE: Final = tuple(field.name for field in FIELDS if field.precise and field.name != "reference")
_PLACE: Final = ("location", "operatingArea", "locationAccuracy")
_BLURRED: Final = ("visibility", "mobility", *_PRECISE, *_PLACE)


class IdentityTransform:
    """Finds the sensor of each row that gives a registration number, whatever a spreadsheet made of its reference."""

    def __init__(self, owner: str | None, context: ReadingContext, log: AssumptionLog) -> None:
        self._owner = owner
        self._context = context
        self._log = log

    def __call__(self, batch: RowBatch) -> None:
        codes = {
            index: tidy_code(str(code))
            for index, given in enumerate(batch.given)
            if (code := given.pop(PUBLIC_CODE, None)) is not None
        }
        if not codes:
            return
        found = self._context.find_sensors(set(codes.values()))
        # A row of the publication has no reference where the place of its sensor is blurred.
        published = {
            index: batch.given[index].get("reference") is None
            for index in codes
            if _may_be_published(batch.given[index])
        }
        for index, code in codes.items():
            self._identify(batch, index, code, found.get(code))
        if published:
            self._leave_published_places(batch, published)

    def _identify(self, batch: RowBatch, index: int, code: str, known: SensorIdentity | None) -> None:
        """Give the row its sensor, or refuse it."""
        given = batch.given[index]
        if known is None or (given.get("owner") or self._owner or known.owner) != known.owner:
            # It may be any sensor, so that its reference is not to be relied on.
            given["reference"] = None
            batch.refuse(index, _refuse_code(code) if known is None else _refuse_owner(code))
            return
        reference = given.get("reference")
        given |= {"reference": known.reference, "owner": known.owner}
        if reference is None or "reference" in locate_problems(batch, index):
            return
        if not isinstance(reference, str) or fold_reference(reference) != known.reference:
            batch.refuse(index, _refuse_reference(code, reference))

    def _leave_published_places(self, batch: RowBatch, published: Mapping[int, bool]) -> None:
        """Leave what the publication hides or blurs, where the row comes from there."""
        registered = list_registered(batch, self._context.find_registered, _BLURRED)
        for index, is_hidden in published.items():
            given, known = batch.given[index], registered[index]
            if known is None:
                continue
            if is_blurred := known.get("visibility") == "generalised" and is_hidden:
                given |= {name: known.get(name) for name in _PRECISE if given.get(name) is None}
            if is_blurred or (known.get("mobility") == "mobile" and given.get("operatingArea") is None):
                given |= {name: known.get(name) for name in _PLACE}
                self._log.count("published place", 1, _describe_published)


def _refuse_code(code: str) -> Problem:
    detail = LocalizedText(
        "Dit registratienummer staat niet in het register. Verbeter het, of maak de cel leeg voor een nieuwe sensor.",
        "This registration number is not in the register. Correct it, or empty the cell for a new sensor.",
    )
    return Problem(ProblemCode.INVALID_CODE, f"/{PUBLIC_CODE}", detail, code[:50])


def _refuse_owner(code: str) -> Problem:
    detail = LocalizedText(
        "Dit registratienummer is van een sensor van een andere eigenaar. Verbeter het, of maak de cel leeg voor een "
        "nieuwe sensor.",
        "This registration number is that of another owner's sensor. Correct it, or empty the cell for a new sensor.",
    )
    return Problem(ProblemCode.OTHER_OWNER, f"/{PUBLIC_CODE}", detail, code)


def _refuse_reference(code: str, reference: object) -> Problem:
    detail = LocalizedText(
        f"Registratienummer {code} heeft een andere referentie. Heeft Excel deze veranderd, zoals 007 in 7? Herstel de "
        "referentie, of maak de cel leeg: dan geldt het registratienummer.",
        f"Registration number {code} has another reference. Did Excel change it, such as 007 to 7? Restore the "
        "reference, or empty the cell: then the registration number counts.",
    )
    return Problem(ProblemCode.IDENTITY_DIFFERS, "/reference", detail, str(reference)[:64])


def _may_be_published(given: Mapping[str, Any]) -> bool:
    """Whether the place of a row may be that of the publication, which has a point for every sensor."""
    return given.get("locationAccuracy") == "generalised" and given.get("location") is not None


def _describe_published(number: int) -> LocalizedText:
    rows = LocalizedText("1 rij" if number == 1 else f"{number} rijen", f"{number} row{'s' * (number != 1)}")
    return LocalizedText(
        f"De plek in {rows.nl} is die van de publicatie, zonder het werkgebied of de precieze plek. De geregistreerde "
        "plek blijft.",
        f"The location in {rows.en} is that of the publication, without the operating area or the exact location. The "
        "registered location stays.",
    )
