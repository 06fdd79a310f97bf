"""Every template has both languages, and no inline style or script."""

from html.parser import HTMLParser

import pytest
from jinja2 import nodes

from app.core.templates import TEMPLATES, templates

SUFFIXES = {".html", ".txt"}
NAMES = sorted(
    path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.suffix in SUFFIXES
)

LANGUAGE_NEUTRAL = {"English", "Nederlands", "N", "m", "CC0 1.0", "CSV", 'lang="nl"'}
"""Each language is named in itself; north and metre are written alike; a macro writes an attribute."""

ENGLISH = {"api/docs.html", "api/operation.html"}
"""Pages made from the OpenAPI document, which is in English, and marked as such."""


class Markup(HTMLParser):
    """The texts, attributes and script bodies of a template; what Jinja fills in is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def parse(name: str) -> nodes.Template:
    return templates().parse((TEMPLATES / name).read_text(encoding="utf-8"))


def markup_of(name: str) -> Markup:
    pieces = [
        piece.data if isinstance(piece, nodes.TemplateData) else " "
        for output in parse(name).find_all(nodes.Output)
        for piece in output.nodes
    ]
    markup = Markup()
    markup.feed("".join(pieces))
    return markup


@pytest.mark.parametrize("name", NAMES)
def test_translated_sentences_have_text_in_two_languages(name: str) -> None:
    for call in parse(name).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args:
            assert len(call.args) == 2, f"line {call.lineno}"
            for argument in call.args:
                assert isinstance(argument, nodes.Const), f"line {call.lineno}"
                assert argument.value.strip(), f"line {call.lineno}"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ENGLISH])
def test_text_outside_translations_is_language_neutral(name: str) -> None:
    words = {text for text in markup_of(name).texts if any(letter.isalpha() for letter in text)}

    assert words <= LANGUAGE_NEUTRAL


@pytest.mark.parametrize("name", NAMES)
def test_styles_and_scripts_are_not_inline(name: str) -> None:
    markup = markup_of(name)

    for tag, attribute, value in markup.attributes:
        assert attribute != "style", tag
        assert not attribute.startswith("on"), f"{tag} {attribute}"
        assert not (value or "").lower().startswith("javascript:"), tag
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert "<style" not in source
    for script in source.split("<script")[1:]:
        opening, _, rest = script.partition(">")
        assert 'src="' in opening
        assert rest.startswith("</script>")


def test_markup_parser_collects_texts() -> None:
    markup = Markup()
    markup.feed("<p>Naam</p>")
    assert markup.texts == ["Naam"]


def test_template_names_are_all_templates_in_the_folder() -> None:
    assert templates().list_templates(["html", "txt"]) == NAMES
    assert {"base.html", "website/sensor/page.html", "api/items.html"} <= set(NAMES)


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (1, 1, []),
        (1, 2, ["/mijn/meldingen?soort=a%26b&bladzijde=2"]),
        (2, 3, ["/mijn/meldingen?soort=a%26b&bladzijde=1", "/mijn/meldingen?soort=a%26b&bladzijde=3"]),
    ],
)
def test_links_to_neighbouring_pages_carry_the_search_and_stand_apart(
    page: int, pages: int, expected: list[str]
) -> None:
    template = templates().from_string(
        '{% import "website/registering/parts.html" as parts with context %}'
        '{{ parts.page_links("/mijn/meldingen", page, pages, "soort=a%26b") }}'
    )
    html = template.render(language="nl", page=page, pages=pages)
    markup = Markup()
    markup.feed(html)

    assert "</a><a" not in html
    assert [value for tag, name, value in markup.attributes if (tag, name) == ("a", "href")] == expected
