"""The published sensors are rewritten in order, without long waits for readers."""

import threading

import psycopg
import pytest
from sqlalchemy import create_engine

from app.core.database import sqlalchemy_url
from app.sensors.publication import maintenance
from app.sensors.publication.maintenance import rewrite_in_order
from tests.support.waiting import PATIENCE_SECONDS

READ = "SELECT count(*) FROM publication.published_sensor"


@pytest.mark.slow
def test_rewrite_behind_a_long_read_blocks_no_other_read(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    done: list[bool] = []
    with psycopg.connect(fresh_database) as long:
        long.execute(READ)
        thread = threading.Thread(target=lambda: done.append(rewrite_in_order(engine, pause_seconds=0.2)))
        thread.start()
        options = f"-c statement_timeout={PATIENCE_SECONDS * 1000}"
        with psycopg.connect(fresh_database, autocommit=True, options=options) as short:
            for _ in range(5):
                # While it waits for the long one, and between.
                short.execute(READ)
                threading.Event().wait(0.3)
        assert not done
        long.rollback()
        thread.join(PATIENCE_SECONDS)
    assert done == [True]
    engine.dispose()


@pytest.mark.slow
def test_rewrite_behind_an_endless_read_gives_up(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "ATTEMPTS", 2)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with psycopg.connect(fresh_database) as long:
        long.execute(READ)
        assert not rewrite_in_order(engine, pause_seconds=0)
    assert rewrite_in_order(engine)
    engine.dispose()
