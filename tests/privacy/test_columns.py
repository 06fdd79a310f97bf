"""The list of personal data is complete: a new column must be classified, and a new reference to a person exported."""

from importlib import import_module

from sqlalchemy import LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from app.bootstrap.paths import ROOT
from app.privacy.columns import BY_ADDRESS, REGISTRATIONS, TABLES
from app.privacy.kinds import KINDS, write_table
from app.tables import METADATA

COLUMNS = {
    table.name: {column.name: column for column in table.columns}
    for table in METADATA.tables.values()
    if table.schema == "register" and table.name != REGISTRATIONS
}


def list_persons(table: str) -> set[str]:
    """The columns of a table that refer to a principal."""
    return {
        name
        for name, column in COLUMNS[table].items()
        if any(key.target_fullname == "register.principal.id" for key in column.foreign_keys)
    }


def list_texts(table: str) -> set[str]:
    """The columns of a table that can hold words."""
    kinds = (Text, LargeBinary, BYTEA, JSONB, ARRAY)
    return {name for name, column in COLUMNS[table].items() if isinstance(column.type, kinds)}


def test_every_column_that_can_hold_words_or_names_a_person_is_classified() -> None:
    for table in COLUMNS:
        expected = list_texts(table) | list_persons(table)
        described = TABLES.get(table)
        listed = {*described.personal, *described.plain} if described else set()
        assert listed == expected, (
            f"say in app/privacy/columns.py what register.{table} holds: {sorted(expected ^ listed)}"
        )
        if described:
            assert not {*described.personal} & {*described.plain}, table
    assert TABLES.keys() <= COLUMNS.keys()


def test_every_kind_is_known_and_used() -> None:
    used = {kind for described in TABLES.values() for kind in described.personal.values()}
    assert used | {"registration text"} == {one.name for one in KINDS}


def test_every_function_that_deletes_exists() -> None:
    for kind in KINDS:
        for name in kind.deleted_by:
            module, _, function = name.rpartition(".")
            assert callable(getattr(import_module(module), function)), name


def test_every_reference_to_a_person_is_exported() -> None:
    """An export that lacks a table is no answer to who asks for it."""
    for table, columns in COLUMNS.items():
        persons = list_persons(table)
        if not persons:
            continue
        described = TABLES[table]
        assert described.persons, table
        # The one who invited has it in the audit trail; the address belongs to the invited person.
        left_out = {"invited_by"} if table == "invitation" else set()
        assert set(described.persons) == persons - left_out, table
        assert {*described.exported, *described.persons} <= columns.keys()
    for table, (address, exported) in BY_ADDRESS.items():
        assert {address, *exported} <= COLUMNS[table].keys()


def test_document_has_the_table_of_the_list() -> None:
    document = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert write_table("en") in document
    assert write_table("nl") != write_table("en")
