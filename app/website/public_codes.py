"""Registration numbers as people type them from a label, and which number they probably meant.

A number has six figures and a check character in base 29; `register.public_code` makes it.
"""

from typing import Final

from app.core.i18n import LocalizedText

FIGURES: Final = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""Digits and letters that cannot be misread for another, and make no words."""
LENGTH: Final = 7
MAX_TYPED_LENGTH: Final = 20


def tidy_code(typed: str) -> str:
    """The number without the spaces, hyphens and small letters of whoever typed it."""
    return "".join(character for character in typed.upper() if character.isalnum())


def is_public_code(code: str) -> bool:
    """Whether the check character fits: it then is a number that the register may have given."""
    if len(code) != LENGTH or not set(code) <= set(FIGURES):
        return False
    return sum(weight * FIGURES.index(figure) for weight, figure in enumerate(code, 1)) % len(FIGURES) == 0


def explain_code(code: str) -> LocalizedText:
    """Why there is no sensor of this number."""
    if not code:
        return LocalizedText("Vul het nummer in dat op de sticker staat.", "Fill in the number on the label.")
    if not set(code) <= set(FIGURES):
        wrong = ", ".join(sorted(set(code) - set(FIGURES)))
        return LocalizedText(
            f"Een registratienummer heeft deze tekens niet: {wrong}.",
            f"A registration number does not have these characters: {wrong}.",
        )
    if len(code) != LENGTH:
        return LocalizedText(
            f"Een registratienummer heeft {LENGTH} tekens; dit zijn er {len(code)}.",
            f"A registration number has {LENGTH} characters; these are {len(code)}.",
        )
    if not is_public_code(code):
        return LocalizedText(
            "Er zit een tikfout in: de tekens passen niet bij elkaar. Kijk het nummer nog eens na.",
            "There is a typing error: the characters do not fit together. Please check the number.",
        )
    return LocalizedText(
        "Er is geen openbare sensor met dit nummer.", "There is no public sensor of this number."
    )


def guess_codes(code: str) -> list[str]:
    """Every valid number that is one slip away: a wrong, a missing or an extra character, or two swapped."""
    if abs(len(code) - LENGTH) > 1:
        return []
    splits = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    slips = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    slips |= {left + right[1:] for left, right in splits if right}
    slips |= {left + figure + right[1:] for left, right in splits if right for figure in FIGURES}
    slips |= {left + figure + right for left, right in splits for figure in FIGURES}
    return sorted(slip for slip in slips if slip != code and is_public_code(slip))
