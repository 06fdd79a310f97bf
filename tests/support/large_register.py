"""A register of 100,000 sensors, on which the planner chooses as in a real one."""

from sqlalchemy import create_engine

from app.bootstrap.paths import ROOT
from app.core.database import sqlalchemy_url, transaction
from app.municipalities.approximation import load_approximate_edition
from app.sensors.publication.maintenance import rewrite_in_order
from tests.bench.synthetic import make_sensors

SENSORS = 100_000


def fill_large_register(url: str) -> None:
    """Fill a migrated database with sensors in approximate municipalities, and do the nightly maintenance."""
    engine = create_engine(sqlalchemy_url(url))
    with transaction(engine) as session:
        load_approximate_edition(session, ROOT / "node_modules", 2026)
    make_sensors(engine, SENSORS, lambda _: None)
    rewrite_in_order(engine)
    engine.dispose()
