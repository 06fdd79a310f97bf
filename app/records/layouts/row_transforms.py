"""Transforms that every layout has in common: whose the sensors are, what all rows share, what is taken for granted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.records.layouts.areas import Refused
from app.records.layouts.columns import make_reader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import FindRegistered, ReadingContext
from app.records.layouts.table_mapping import Assumption, RowBatch
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.registration.field_parsers import ValidationContext, read_value
from app.spatial.crs import Crs


class OwnerTransform:
    """Gives each row its owner: the one that was chosen, which the file may repeat but not contradict."""

    def __init__(self, owner: str | None, name: str | None) -> None:
        self._owner = owner
        self._name = name or owner or ""

    def __call__(self, batch: RowBatch) -> None:
        if self._owner is None:
            return
        for index, given in enumerate(batch.given):
            named = given.get("owner")
            if named is not None and named != self._owner and "owner" not in _locate(batch, index):
                detail = LocalizedText(
                    f"Deze rij noemt een andere eigenaar dan gekozen is ({self._name}). Importeer per eigenaar.",
                    f"This row names another owner than was chosen ({self._name}). Import owner by owner.",
                )
                batch.refuse(index, Problem(ProblemCode.OTHER_OWNER, "/owner", detail, named))
            elif named is None:
                given["owner"] = self._owner


def _locate(batch: RowBatch, index: int) -> set[str]:
    return {problem.location.removeprefix("/") for problem in batch.problems.get(index, ())}


class DefaultTransform:
    """Fills what the rows do not give."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __call__(self, batch: RowBatch) -> None:
        for name, value in self._values.items():
            for given in batch.given:
                if given.get(name) is None:
                    given[name] = value


def read_defaults(context: ReadingContext, log: AssumptionLog) -> dict[str, Any]:
    """The values that are to fill what the file does not give, read as its cells would be.

    Raises: InvalidRequest naming every one that cannot be used.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in context.defaults.items():
        field = FIELD_BY_NAME.get(name)
        if field is None or field.kind is FieldKind.POINT or name in ("reference", "owner"):
            detail = LocalizedText(
                f"{name} kan niet voor alle rijen hetzelfde zijn of is geen veld.",
                f"{name} cannot be the same for all rows, or is no field.",
            )
            problems.append(Problem(ProblemCode.INVALID_DEFAULT, f"/{name}", detail, raw))
            continue
        try:
            values[name] = None if raw is None else make_reader(field, context, log)(raw)
        except Refused as refused:
            problems.append(refused.problem)
            continue
        if field.kind not in (FieldKind.ORGANISATION, FieldKind.AREA):
            validation_context = ValidationContext(
                context.vocabularies, {}, frozenset(), Crs.CRS84, context.today
            )
            read_value(validation_context, field, values[name])
            problems += validation_context.problems
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "Een waarde die voor alle rijen is opgegeven, kan niet worden gebruikt.",
                "A value that was given for all rows cannot be used.",
            ),
            problems=problems,
        )
    return values


def assume_placed(today: date) -> Assumption:
    """That a sensor stands there from the day of its import, where the file does not ask since when."""
    return Assumption(
        "placedFrom",
        today.isoformat(),
        LocalizedText(
            f"Het bestand zegt niet sinds wanneer de sensoren er zijn: ingevuld is vandaag, {today:%d-%m-%Y}.",
            f"The file does not say since when the sensors are there: today was filled in, {today.isoformat()}.",
        ),
    )


class AssumedTransform:
    """Fills what the layout never asks, in sensors that are not registered yet: what is registered stays."""

    def __init__(self, assumptions: Sequence[Assumption], find: FindRegistered, log: AssumptionLog) -> None:
        self._assumptions = assumptions
        self._find = find
        self._log = log

    def __call__(self, batch: RowBatch) -> None:
        registered = self._list_registered(batch)
        for given in batch.given:
            if (given.get("owner"), given.get("reference")) in registered:
                continue
            for assumed in self._assumptions:
                if given.get(assumed.name) is None and assumed.applies(given):
                    given[assumed.name] = assumed.value
                    self._log.add(f"assumed {assumed.name}", assumed.sentence)

    def _list_registered(self, batch: RowBatch) -> set[tuple[Any, Any]]:
        references: dict[str, set[str]] = {}
        for given in batch.given:
            owner, reference = given.get("owner"), given.get("reference")
            if isinstance(owner, str) and isinstance(reference, str):
                references.setdefault(owner, set()).add(reference)
        return {
            (owner, reference) for owner, some in references.items() for reference in self._find(owner, some)
        }
