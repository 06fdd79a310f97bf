"""Transforms that every layout has in common: whose the sensors are, what all rows share, what is taken for granted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.records.layouts.areas import Refused
from app.records.layouts.columns import ListPart, make_reader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import FindRegistered, ReadingContext
from app.records.layouts.table_mapping import Assumption, RowBatch
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.plain_text import fold_reference
from app.sensors.registration.field_parsers import ValidationContext, read_value
from app.spatial.crs import Crs

_ADDRESS: Final = frozenset({"postcode", "houseNumber"})


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
            if named is not None and named != self._owner and "owner" not in locate_problems(batch, index):
                detail = LocalizedText(
                    f"Deze rij noemt een andere eigenaar dan gekozen is ({self._name}). Importeer per eigenaar.",
                    f"This row names another owner than was chosen ({self._name}). Import owner by owner.",
                )
                batch.refuse(index, Problem(ProblemCode.OTHER_OWNER, "/owner", detail, named))
            elif named is None:
                given["owner"] = self._owner


def locate_problems(batch: RowBatch, index: int) -> set[str]:
    """The names of the fields of a row that have a problem."""
    return {problem.location.removeprefix("/") for problem in batch.problems.get(index, ())}


def list_registered(
    batch: RowBatch, find: FindRegistered, names: Collection[str] = ()
) -> list[Mapping[str, Any] | None]:
    """The registered values of these fields for each row; None for a sensor that is not registered."""
    references: dict[str, set[str]] = {}
    identities: list[tuple[str, str] | None] = []
    for given in batch.given:
        owner, reference = given.get("owner"), given.get("reference")
        if not isinstance(owner, str) or not isinstance(reference, str):
            identities.append(None)
            continue
        folded = fold_reference(reference)
        identities.append((owner, folded))
        references.setdefault(owner, set()).add(folded)
    found = {owner: find(owner, some, names) for owner, some in references.items()}
    return [found[identity[0]].get(identity[1]) if identity else None for identity in identities]


class RegisteredTransform:
    """Completes what the rows give in part by what is registered: defaults, lists of which columns lack, addresses.

    A default fills what neither the file nor the register says.
    """

    def __init__(self, defaults: Mapping[str, Any], find: FindRegistered) -> None:
        self._defaults = defaults
        self._find = find
        self.filled: Counter[str] = Counter()
        """The number of rows that each default has filled."""

    def __call__(self, batch: RowBatch) -> None:
        # Few files have such lists, and comparing types by a built-in passes over the other rows quickly.
        parts = {
            name
            for given in batch.given
            if ListPart in map(type, given.values())
            for name, value in given.items()
            if isinstance(value, ListPart)
        }
        address = _ADDRESS & batch.given[0].keys() if batch.given else set()
        names = {*self._defaults, *parts, *(_ADDRESS if len(address) == 1 else ())}
        if not names:
            return
        for index, (given, known) in enumerate(
            zip(batch.given, list_registered(batch, self._find, names), strict=True)
        ):
            registered = known or {}
            for name in parts:
                if isinstance(part := given[name], ListPart):
                    given[name] = part.complete(registered.get(name) or ())
            for name, value in self._defaults.items():
                if given.get(name) is not None:
                    continue
                given[name] = value if registered.get(name) is None else registered[name]
                self.filled[name] += registered.get(name) is None
            if len(address) == 1:
                self._check_address(batch, index, registered, *address)

    def _check_address(self, batch: RowBatch, index: int, registered: Mapping[str, Any], name: str) -> None:
        (other,) = _ADDRESS - {name}
        is_new = batch.given[index][name] not in (None, registered.get(name))
        if is_new and registered.get(other) is not None:
            label = FIELD_BY_NAME[other].label
            detail = LocalizedText(
                f"Het adres verandert maar voor een deel. Voeg ook een kolom {label.nl} toe.",
                f"Only a part of the address changes. Add a column {label.en} too.",
            )
            batch.refuse(
                index, Problem(ProblemCode.INCOMPLETE_ADDRESS, f"/{name}", detail, batch.given[index][name])
            )


def read_defaults(context: ReadingContext, log: AssumptionLog) -> dict[str, Any]:
    """The values that are to fill what the file does not give, read as its cells would be.

    Raises: InvalidRequest naming every one that cannot be used.
    """
    values, problems = _read_values(context, context.defaults, log)
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "Een waarde die voor alle rijen is opgegeven, kan niet worden gebruikt.",
                "A value that was given for all rows cannot be used.",
            ),
            problems=problems,
        )
    return values


def check_defaults(context: ReadingContext, defaults: Mapping[str, Any]) -> list[Problem]:
    """The problems of values that are to fill what a file does not give."""
    return _read_values(context, defaults, AssumptionLog())[1]


def _read_values(
    context: ReadingContext, defaults: Mapping[str, Any], log: AssumptionLog
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in defaults.items():
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
    return values, problems


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
        for given, registered in zip(batch.given, list_registered(batch, self._find), strict=True):
            if registered is not None:
                continue
            for assumed in self._assumptions:
                if given.get(assumed.name) is None and assumed.applies(given):
                    given[assumed.name] = assumed.value
                    self._log.add(f"assumed {assumed.name}", assumed.sentence)
