"""Documents as tagged PDF."""

import asyncio
import io
import json
from datetime import date

import pikepdf
import pytest

from app.core.pdf import COVERED, REPLACEMENT, PdfRenderer, compile_pdf, make_printable

DAY = date(2026, 11, 28)
LETTER = {
    "title": "Brief", "subject": "Brief", "sender": ["A"], "recipient": ["B"], "date": "1 mei", "salutation": "Dag,",
    "parts": [{"text": "Een tekst.", "items": ["een", "twee"]}], "closing": "Groet,", "signature": "A",
    "language": "nl",
}  # fmt: skip


def render(data: object, day: date = DAY) -> bytes:
    return compile_pdf("letter.typ", json.dumps(data), day)


def test_document_declares_pdf_ua_and_has_tags_language_and_title() -> None:
    with pikepdf.open(io.BytesIO(render(LETTER | {"language": "en"}))) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Brief"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.StructTreeRoot.K


def test_document_embeds_its_fonts() -> None:
    with pikepdf.open(io.BytesIO(render(LETTER))) as pdf:
        fonts = [
            descendant.FontDescriptor
            for font in pdf.pages[0].Resources.Font.values()
            for descendant in font.DescendantFonts
        ]
        assert fonts
        assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


def test_document_of_the_same_day_and_values_is_the_same() -> None:
    assert render(LETTER) == render(LETTER)
    assert render(LETTER) != render(LETTER, date(2026, 11, 29))


def test_font_has_every_character_that_is_let_through() -> None:
    characters = "".join(chr(code) for first, last in COVERED for code in range(first, last + 1))

    # Typst refuses a character without a glyph.
    parts = [{"text": " ".join(characters), "items": []}]
    assert render(LETTER | {"parts": parts}).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Café Zoë", "Café Zoë"),
        ("Cafe\u0301", "Café"),
        ("\U0001f600 中", f"{REPLACEMENT} {REPLACEMENT}"),
        ("een\n\ttwee", "een twee"),
        ("#emph[x] $1$ \\", "#emph[x] $1$ \\"),
        ("x" * 3000, "x" * 2000),
    ],
)
def test_text_is_made_printable(text: str, printed: str) -> None:
    assert make_printable({"a": [text, 1]}) == {"a": [printed, 1]}


def test_markup_in_a_value_is_text() -> None:
    plain = render(LETTER | {"parts": [{"text": "#pagebreak() = Kop", "items": []}]})

    with pikepdf.open(io.BytesIO(plain)) as pdf:
        assert len(pdf.pages) == 1


def test_renderer_makes_an_equal_document_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def count(template: str, data: str, day: date, picture: str) -> bytes:
        made.append(data)
        return compile_pdf(template, data, day, picture)

    monkeypatch.setattr("app.core.pdf.compile_pdf", count)
    renderer = PdfRenderer()

    async def ask(*subjects: str) -> list[bytes]:
        return [await renderer.render("letter.typ", LETTER | {"subject": each}, DAY) for each in subjects]

    first, second, other = asyncio.run(ask("een", "een", "twee"))
    assert first is second
    assert first != other
    assert len(made) == 2
