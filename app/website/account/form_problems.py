"""The problems of a form, each at its field: for the summary above it, and for the field itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode


def list_field_problems(
    refused: InvalidRequest | Iterable[Problem], fields: Mapping[str, str], language: Language
) -> list[tuple[str, str]]:
    """The id of the field and the sentence of each problem, in the order of the fields.

    `fields` has the id of the field by the location of a problem (`/email`), in the order of the page; a problem of
    another location is shown at the first field.
    """
    problems = refused.problems if isinstance(refused, InvalidRequest) else tuple(refused)
    order = list(fields.values())
    found = [(fields.get(one.location, order[0]), one.detail.render(language)) for one in problems]
    return sorted(found, key=lambda pair: order.index(pair[0]))


def say_for_form(
    problems: Iterable[Problem], sentences: Mapping[tuple[str, ProblemCode], LocalizedText]
) -> list[Problem]:
    """The problems with sentences for people who fill in a form, by location and code; others keep their own.

    In a summary above the form, *Fill this in* does not say which field it is about.
    """
    return [replace(one, detail=sentences.get((one.location, one.code), one.detail)) for one in problems]
