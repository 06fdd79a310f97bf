"""The QR code of a label."""

import re

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
