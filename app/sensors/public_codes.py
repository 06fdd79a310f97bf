"""Registration numbers as people type them from a label, and suggestions for mistyped ones.

A number has six characters and a check character in base 29; the SQL function `register.public_code` makes it.
"""

from itertools import product
from typing import Final

from app.core.i18n import LocalizedText

FIGURES: Final = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""Digits and letters that cannot be mistaken for another; no vowels, so that they form no words."""
LENGTH: Final = 7
MAX_TYPED_LENGTH: Final = 20
MAX_UNKNOWN: Final = 2
"""Characters that no number has, in a number of which those near it are suggested."""


def is_public_code(code: str) -> bool:
    """Whether the check character is right."""
    if len(code) != LENGTH or not set(code) <= set(FIGURES):
        return False
    return sum(weight * FIGURES.index(figure) for weight, figure in enumerate(code, 1)) % len(FIGURES) == 0


def explain_code(code: str) -> LocalizedText:
    """The reason why no sensor has this number."""
    if not code:
        return LocalizedText("Vul het nummer in dat op de sticker staat.", "Fill in the number on the label.")
    if not set(code) <= set(FIGURES):
        wrong = ", ".join(sorted(set(code) - set(FIGURES)))
        return LocalizedText(
            f"Deze tekens komen niet voor in een registratienummer: {wrong}.",
            f"A registration number cannot have these characters: {wrong}.",
        )
    if len(code) != LENGTH:
        return LocalizedText(
            f"Een registratienummer heeft {LENGTH} tekens; dit zijn er {len(code)}.",
            f"A registration number has {LENGTH} characters; these are {len(code)}.",
        )
    if not is_public_code(code):
        return LocalizedText(
            "Er zit een tikfout in het nummer. Kijk het nog eens na.",
            "There is a typing error in the number. Please check it.",
        )
    return LocalizedText(
        "Er is geen openbare sensor met dit nummer.", "There is no public sensor with this number."
    )


def guess_codes(code: str) -> list[str]:
    """Every valid number at one edit: a wrong, missing or extra character, or two neighbours swapped.

    Characters that no number has may be any other, two of them at most.
    """
    if abs(len(code) - LENGTH) > 1:
        return []
    splits = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    edits = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    edits |= {left + right[1:] for left, right in splits if right}
    edits |= {left + figure + right[1:] for left, right in splits if right for figure in FIGURES}
    edits |= {left + figure + right for left, right in splits for figure in FIGURES}
    if len(code) == LENGTH and sum(figure not in FIGURES for figure in code) <= MAX_UNKNOWN:
        # More than one edit, but where is certain: `XKVO0XC`.
        choices = [figure if figure in FIGURES else FIGURES for figure in code]
        edits |= {"".join(chosen) for chosen in product(*choices)}
    return sorted(edit for edit in edits if edit != code and is_public_code(edit))
