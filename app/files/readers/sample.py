"""A sample of the first rows of a file, from which its format is detected; limited in rows and characters."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, TypeVar

Item = TypeVar("Item")

MAX_SAMPLE_CHARACTERS: Final = 1_000_000
"""How much is looked at, whatever number of rows that is, before anything is made of it."""


def read_sample(items: Iterator[Item], most: int, count_characters: Callable[[Item], int]) -> list[Item]:
    """The first items, at most so many; no more are taken once they have `MAX_SAMPLE_CHARACTERS` together."""
    first: list[Item] = []
    characters = 0
    for item in islice(items, most):
        first.append(item)
        characters += count_characters(item)
        if characters >= MAX_SAMPLE_CHARACTERS:
            break
    return first
