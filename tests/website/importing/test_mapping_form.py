"""Columns of a list beside their fields, and the mapping that the form gives."""

from app.files.reading_account import ReadingAccount
from app.imports.samples import Sample, SampledColumn
from app.records.layouts import HeadingMapping
from app.website.importing.mapping_form import (
    VALUE_FIELDS,
    list_columns,
    list_target_options,
    write_document,
)

SAMPLE = Sample(
    ReadingAccount("csv"),
    ("Blad1", "Blad2"),
    "Blad1",
    1,
    tuple(
        SampledColumn(letter, heading, ())
        for letter, heading in zip(
            "ABCDEFG", ("station", "name", "Naam", "lon", "rd_x", "Thema 2", "wijk"), strict=True
        )
    ),
)
MAPPING = HeadingMapping(
    {"station": ("reference", "bgtId"), "name": ("name",)},
    {"themes": ["other", "mobility_car"], "project": "Druk"},
    {"themes": {"x": "other"}},
)


def test_each_field_is_suggested_once() -> None:
    chosen = [choice.chosen for choice in list_columns(SAMPLE, {}, None)]
    assert chosen == ["reference", "name", "", "longitude", "rdX", "themes 2", ""]
    options = list_target_options(list_columns(SAMPLE, {}, None), "nl")
    assert ("themes 2", "Thema 2") in options
    assert options[0] == ("reference", "Referentie")


def test_form_leaves_what_it_cannot_show() -> None:
    given = {
        "kolom-0": "reference",
        "kolom-1": "",
        "kolom-2": "name",
        "vast-themes": "other",
        "vast-purpose": "Tellen",
    }
    document = write_document(SAMPLE, given, MAPPING)
    assert document["columns"]["station"] == ["reference", "bgtId"]
    assert (document["columns"]["name"], document["columns"]["Naam"]) == ([], ["name"])
    assert document["values"] == {"themes": ["other", "mobility_car"], "project": "Druk", "purpose": "Tellen"}
    assert (document["words"], document["sheet"]) == ({"themes": {"x": "other"}}, "Blad1")
    changed = write_document(
        SAMPLE, given | {"vast-themes": "environment_noise", "vast-purpose": ""}, MAPPING
    )
    assert changed["values"] == {"themes": ["environment_noise"], "project": "Druk"}


def test_one_value_for_all_rows_can_be_given_for_what_a_ground_a_dpia_or_a_term_asks() -> None:
    """The check asks for these by the answer to another question, and says to give one value for all rows."""
    asked = {"legalBasisText", "legalBasisUrl", "legitimateInterest", "dpiaReference", "retentionPeriod"}
    assert asked <= {field.name for field in VALUE_FIELDS}
