"""The QR code of a label, and the label with the longest texts."""

import io
import json
import re
from datetime import date

import pikepdf
import pytest

from app.core.pdf import compile_pdf, make_printable
from app.website.sensor.label import draw_qr_code


def test_qr_code_has_a_quiet_zone_on_white_and_scales() -> None:
    svg = draw_qr_code("https://sensoren.example.org/s/BSK4Y5M")

    # 29 modules of version 3, and four of white on each side.
    assert 'viewBox="0 0 37 37"' in svg
    assert "#fff" in svg
    assert "width=" not in svg
    assert not re.search(r"style=|<script", svg)


def test_qr_code_differs_by_address() -> None:
    assert draw_qr_code("https://a.example/s/BSK4Y5M") != draw_qr_code("https://a.example/s/BSK4Y5N")


@pytest.mark.parametrize("owner", ["A", "Samenwerkingsverband " * 12])
def test_label_with_the_longest_texts_is_one_page(owner: str) -> None:
    address = (
        "https://sensoren.een-gemeente-met-een-lange-naam.example.org/openbare-ruimte/sensoren/en/s/BSK4Y5M"
    )
    label = {
        "title": "Sticker",
        "heading": "Hier is een sensor",
        "kind": ("Aanwezigheids- of nabijheidssensor " * 3)[:100],
        "owner": owner[:255],
        "code": "BSK4Y5M",
        "address": address,
        "qr_description": "QR-code",
        "language": "nl",
    }
    picture = draw_qr_code(address)
    # Longer than a text may be: a picture is passed whole.
    assert len(picture) > 2000

    document = compile_pdf("label.typ", json.dumps(make_printable(label)), date(2026, 11, 28), picture)

    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert len(pdf.pages) == 1
