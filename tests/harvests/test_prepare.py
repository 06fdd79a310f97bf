"""Mapping files are checked as a whole before the source is called."""

import re
from pathlib import Path

import pytest

from app.bootstrap.paths import ROOT
from app.core.errors import InvalidRequest
from app.core.problems import Problem
from app.harvests import examples
from app.harvests.mapping import KINDS, SourceKind
from tests.harvests.conftest import Prepare
from tests.support.harvest_mappings import BOXES, SOUND_METERS

URL = "https://register.example"


def refuse(prepare: Prepare, content: str) -> dict[str, Problem]:
    """The problems of a mapping that must have some, by location; each a sentence in both languages."""
    with pytest.raises(InvalidRequest) as refused:
        prepare(content)
    for problem in refused.value.problems:
        assert all(text.endswith((".", "?")) for text in problem.detail), problem
        assert problem.detail.nl != problem.detail.en, problem
    return {problem.location: problem for problem in refused.value.problems}


def test_prepare_harvest_parses_source_owner_and_fields(prepare: Prepare, amsterdam: object) -> None:
    harvest = prepare(SOUND_METERS.format(url=URL))
    assert harvest.owner == amsterdam
    source, rules = harvest.mapping.source, harvest.mapping.rules
    assert (source.kind, source.url, source.collection, source.limit) == ("ogc", f"{URL}/v1", "meters", 2)
    assert str(rules["name"].path) == "properties.naam"
    assert rules["activeUntil"].value == "2028-01-01"
    assert rules["sensorType"].meanings == {"geluidsmeter": "sound"}
    assert rules["summary"].describe() == "properties.naam, properties.volgnummer"
    things = prepare(BOXES.format(url=URL)).mapping
    assert things.source.collection == "Things"
    assert rules["reference"].describe() == "id"
    assert things.rules["reference"].describe() == "@iot.id"


@pytest.mark.parametrize("kind", KINDS)
def test_example_mappings_are_valid(prepare: Prepare, kind: SourceKind) -> None:
    content = examples.read_example(kind)
    harvest = prepare(content)
    assert harvest.mapping.source.kind == kind
    assert content.startswith("# How to take over")


def replace_field(mapping: str, line: str) -> str:
    """The mapping with another rule for the field of this line."""
    others = [each for each in mapping.splitlines() if not each.startswith(f"{line.split(maxsplit=1)[0]} =")]
    return "\n".join(others).replace("[fields]", f"[fields]\n{line}")


def test_documented_mappings_are_valid(prepare: Prepare) -> None:
    page = (ROOT / "docs" / "harvesting.md").read_text(encoding="utf-8")
    whole = page.split("```toml\n")[1].split("```")[0]
    assert prepare(whole).mapping.source.collection == "meters"
    rules = re.findall(r"^\| `(\w+ = .*?)` \|", page, re.MULTILINE)
    assert len(rules) == 7
    for rule in rules:
        of_things = "Datastreams" in rule or '"description"' in rule
        prepare(replace_field(BOXES.format(url=URL) if of_things else whole, rule))


def test_mapping_with_problems_reports_all_with_suggestions(prepare: Prepare) -> None:
    problems = refuse(
        prepare,
        """
ownr = "GM0363"
owner = "Gemeente Nergens"

[source]
kind = "wfs"
url = "ftp://register.example"
limit = 0
colection = "meters"
key_variable = "REGISTER_DATABASE_URL"
parameters = { bbox = [4, 52, 5, 53], datetime = 2026-01-01T00:00:00Z }

[fields]
reference = { value = "1" }
sensortype = "properties.soort"
name = "naam"
summary = { template = "{properties.naam" }
measures = { path = "properties.meet", valeu = "x" }
purpose = 3
mobility = { value = "fixt" }
personalData = { path = "properties.a", value = "none" }
themes = { path = "properties.thema", default = "Milieu: geluidd" }
operator = { value = "Gemente Amsterdam" }
placedFrom = ""

[map.themes]
"Lawaai" = "environment_noize"

[map.visibility]
"open" = "public"
""",
    )
    assert set(problems) == {
        "ownr",
        "owner",
        "source.kind",
        "source.url",
        "source.limit",
        "source.colection",
        "source.collection",
        "source.key_variable",
        "source.parameters.bbox",
        "fields.reference",
        "fields.sensortype",
        "fields.name",
        "fields.summary.template",
        "fields.measures.valeu",
        "fields.purpose",
        "fields.mobility.value",
        "fields.personalData",
        "fields.themes.default",
        "fields.operator.value",
        "fields.placedFrom",
        'map.themes."lawaai"',
        "map.visibility",
    }
    assert problems["ownr"].suggestion == "owner"
    assert problems["source.colection"].suggestion == "collection"
    assert problems["fields.sensortype"].suggestion == "sensorType"
    assert problems["fields.measures.valeu"].suggestion == "value"
    assert problems["fields.mobility.value"].suggestion == "fixed"
    assert problems['map.themes."lawaai"'].suggestion == "environment_noise"
    assert problems["fields.operator.value"].suggestion == "Gemeente Amsterdam"
    assert problems["fields.name"].suggestion == "properties.naam"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("name", None),
        ("Locations.location", "Locations.0.location"),
        ("Datastreams", "Datastreams.0"),
        ("datastreams.0.name", "Datastreams.0.name"),
        ("volgnummer", "properties.volgnummer"),
    ],
)
def test_impossible_path_is_reported(prepare: Prepare, path: str, meant: str | None) -> None:
    content = BOXES.format(url=URL).replace('name = "name"', f'name = "{path}"')
    if meant is None:
        prepare(content)
    else:
        assert refuse(prepare, content)["fields.name"].suggestion == meant


def test_path_as_list_may_contain_point(prepare: Prepare) -> None:
    content = SOUND_METERS.format(url=URL).replace(
        '"properties.naam"', '{ path = ["properties", "naam.kort"] }', 1
    )
    path = prepare(content).mapping.rules["name"].path
    assert path is not None
    assert path.find({"properties": {"naam.kort": "Meter"}}) == "Meter"


def test_mapping_without_owner_is_refused(prepare: Prepare, amsterdam: object) -> None:
    content = SOUND_METERS.format(url=URL).replace('owner = "GM0363"', "")
    assert set(refuse(prepare, content)) == {"owner"}
    assert prepare(content, owner="Gemeente Amsterdam").owner == amsterdam
    per_item = content.replace("[fields]", '[fields]\nowner = "properties.eigenaar"')
    assert prepare(per_item).owner is None


def test_invalid_toml_is_reported_with_line(prepare: Prepare) -> None:
    with pytest.raises(InvalidRequest, match="line 2"):
        prepare('owner = "a"\nsource = =\n')


def test_example_mappings_are_in_package() -> None:
    assert {path.stem for path in Path(examples.__file__).parent.glob("*.toml")} == set(KINDS)
