"""Paths of pages."""

import pytest

from app.places.page_paths import make_slug, write_subject_path


@pytest.mark.parametrize(
    ("name", "slug"),
    [("'s-Hertogenbosch", "s-hertogenbosch"), ("Bergen (NH.)", "bergen-nh"), ("Súdwest-Fryslân", "sudwest-fryslan"),
     ("Gemeente Utrecht", "utrecht")],
)  # fmt: skip
def test_slug_has_only_letters_digits_and_hyphens(name: str, slug: str) -> None:
    assert make_slug(name) == slug
    assert write_subject_path("organisation", name=name) == f"/organisatie/{slug}"
