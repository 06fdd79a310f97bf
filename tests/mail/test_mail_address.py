"""Addresses of mail: which are taken, and how they are written."""

import pytest

from app.mail.mail_address import normalise_address


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (" Noor@Leiden.NL ", "noor@leiden.nl"),
        ("o'brien+sensoren@a-b.example", "o'brien+sensoren@a-b.example"),
        ("Jörg@Bücher.example", "jörg@xn--bcher-kva.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),
        ("jo\u0308rg@leiden.nl", "jörg@leiden.nl"),
        ("x" * 64 + "@leiden.nl", "x" * 64 + "@leiden.nl"),
    ],
)
def test_address_is_written_in_one_way(given: str, written: str) -> None:
    assert normalise_address(given) == written


@pytest.mark.parametrize(
    "given",
    [
        "",
        "noor",
        "@leiden.nl",
        "noor@",
        "noor@localhost",
        "noor@leiden..nl",
        "noor@-leiden.nl",
        "noor@leiden.nl, eva@leiden.nl",
        "noor@leiden.nl\r\nBcc: eva@leiden.nl",
        "noor\n@leiden.nl",
        "noor@leiden.nl>",
        "<noor@leiden.nl>",
        '"noor vries"@leiden.nl',
        "noor @leiden.nl",
        "a@b@leiden.nl",
        "noor\u202e@leiden.nl",
        ".noor@leiden.nl",
        "x" * 65 + "@leiden.nl",
        "noor@" + "a" * 64 + ".nl",
        "noor@xn--.nl" + "\u0000",
        "noor@" + "a.é" * 100 + ".nl",
        "noor@192.0.2.1",
    ],
)
def test_text_that_is_no_single_plain_address_is_refused(given: str) -> None:
    assert normalise_address(given) is None


def test_address_that_only_looks_like_another_stays_another() -> None:
    """A dotless i is no i, though its capital is the same."""
    assert normalise_address("n\u0131els@leiden.nl") != normalise_address("niels@leiden.nl")
    assert normalise_address("mike@g\u0131thub.example") != normalise_address("mike@github.example")
