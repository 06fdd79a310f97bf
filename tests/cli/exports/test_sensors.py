"""`sensor-register sensors show` and `list` as typed."""

import csv
import io

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from app.cli.command import app
from app.cli.database import console
from app.core.database import sqlalchemy_url
from tests.cli.exports.test_export import _database, url

__all__ = ["_database", "url"]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "width", 240)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["sensors", *words])


def read_one(url: str) -> tuple[str, str, str]:
    """Number, reference and owner of one sensor."""
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        query = (
            "SELECT public_code, reference, CAST(owner_id AS text) FROM register.sensor ORDER BY id LIMIT 1"
        )
        code, reference, owner = connection.execute(text(query)).one()
    engine.dispose()
    return code, reference, owner


def test_sensor_is_shown_by_number_and_by_reference(url: str) -> None:
    code, reference, owner = read_one(url)
    by_number = run("show", code)
    assert by_number.exit_code == 0, by_number.output
    assert f"publicCode={code}\n" in by_number.output
    assert run("show", reference, "--owner", owner).output == by_number.output
    unknown = run("show", "niets")
    assert (unknown.exit_code, "not known here" in unknown.output) == (1, True)


def test_search_is_listed_as_a_table_or_as_a_file_on_the_screen(url: str) -> None:
    table = run("list", "--municipality", "Amsterdam", "--limit", "2")
    assert table.exit_code == 0, table.output
    assert "number" in table.output
    assert "Amsterdam" in table.output
    assert "There may be more" in table.output
    listed = run("list", "--municipality", "Amsterdam", "--limit", "2", "--format", "csv")
    assert len(list(csv.reader(io.StringIO(listed.stdout)))) == 3
    refused = run("list", "--search", "colour=red", "--bbox", "1,2")
    assert refused.exit_code == 1
    assert "colour" in refused.output
    assert "bbox" in refused.output
    assert "No sensors were found" in run("list", "--bbox", "3.4,50.8,3.5,50.9").output
