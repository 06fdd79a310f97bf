"""The refusal of a name in an address, with the nearest name that there is."""

from collections.abc import Mapping

from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest_spelling
from app.municipalities.codes import fold_name
from app.municipalities.provinces import PROVINCES
from app.vocabularies.terms import Vocabularies


def refuse_name(sentence: LocalizedText, asked: str, paths: Mapping[str, str]) -> NotFound:
    """The error of an unknown name; `paths` holds the last part of the path of each name that there is.

    What was typed is compared with whole names, and with their first words.
    """
    spellings = {name.split()[0]: name for name in paths} | {name: name for name in paths}
    nearest = find_nearest_spelling(asked.replace("-", " "), spellings, fold=fold_name)
    question = ask_whether_meant(nearest)
    detail = LocalizedText(sentence.nl + question.nl, sentence.en + question.en)
    suggestion = paths[nearest] if nearest else ABSENT
    problem = Problem(ProblemCode.UNKNOWN_VALUE, "name", detail, asked, suggestion, where="path")
    return NotFound(problems=[problem])


def refuse_province(asked: str) -> NotFound:
    sentence = LocalizedText("Deze provincie bestaat niet.", "There is no such province.")
    return refuse_name(sentence, asked, {one.name: one.code for one in PROVINCES})


def refuse_kind(asked: str, vocabularies: Vocabularies) -> NotFound:
    sentence = LocalizedText("Deze soort sensor kennen wij niet.", "There is no such kind of sensor.")
    kinds = vocabularies.by_name["sensorType"].terms.values()
    paths = {label: term.code for term in kinds for label in (term.label.nl, term.label.en)}
    return refuse_name(sentence, asked, paths)


def refuse_organisation(asked: str, names: list[tuple[str, str]]) -> NotFound:
    """The same for an organisation; only names with the same first letter are compared, as there may be many."""
    sentence = LocalizedText(
        "Wij kennen geen organisatie met deze naam.", "There is no organisation of this name."
    )
    first = fold_name(asked)[:1]
    return refuse_name(
        sentence, asked, {name: each for each, name in names if fold_name(name).startswith(first)}
    )
