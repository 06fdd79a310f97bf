"""Submissions of a company in Amsterdam, and the people who review them."""

from typing import Any

from app.core.clock import dutch_date
from tests.support.workplace import Editor, Workplaces, fill_in, list_steps, register_one, start_draft


def submit(
    editor: Editor, reference: str = "geluid-1", name: str = "Geluid op de Dam", **changed: Any
) -> str:
    """Submit a new sensor through the form; gives its registration number."""
    return register_one(editor, wat={"reference": reference, "name": name}, **changed)


def start_change(editor: Editor, code: str) -> str:
    """Begin a change of a registration; gives the path of the draft."""
    answer = editor.post("/mijn/registreren/wijzigen", sensor=code)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].rpartition("/")[0])


def change(editor: Editor, code: str, step: str, **answers: Any) -> str:
    """Change answers of one step of a registration, and send them; gives the path of the draft."""
    draft = start_change(editor, code)
    save(editor, draft, step, **answers)
    answer = editor.post(f"{draft}/controleren")
    assert answer.status_code == 303, answer.text
    return draft


def save(editor: Editor, draft: str, step: str, **answers: Any) -> None:
    """Save one step of a draft with other answers than `list_steps` has."""
    answer = editor.post(f"{draft}/{step}", **(list_steps()[step] | answers), versie="9999", naar="sluiten")
    assert answer.status_code == 303, answer.text


def decide(editor: Editor, code: str, decision: str, number: Any = 1, **fields: Any) -> Any:
    """Send the form of a submission; `number` is that of the version that was seen."""
    return editor.post(f"/mijn/beoordelen/{code}", besluit=decision, versie=str(number), **fields)


__all__ = [
    "Workplaces",
    "change",
    "decide",
    "dutch_date",
    "fill_in",
    "save",
    "start_change",
    "start_draft",
    "submit",
]
