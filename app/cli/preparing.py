"""What comes before the first opening: the schema, the municipalities and the examples."""

from datetime import UTC, datetime

from app.bootstrap.places import GRID
from app.cli.database import console, prepare_schema
from app.cli.municipalities import PACKAGES, print_report, show_progress
from app.core.database import create_write_engine, transaction
from app.core.settings import Settings
from app.municipalities.editions import LoadOptions
from app.municipalities.first_edition import ensure_municipalities
from app.sensors.republish import reassign_municipalities
from app.spatial.crs import add_grid


def prepare_register(url: str, settings: Settings) -> str | None:
    """Migrate, and load municipalities and examples where there are none yet; gives the demo key, if any."""
    console.print("Bringing the database to the newest schema …")
    prepare_schema(url)
    add_grid(GRID)
    engine = create_write_engine(url, settings)
    try:
        with show_progress() as report_progress, transaction(engine) as session:
            options = LoadOptions(reassign=reassign_municipalities, report_progress=report_progress)
            report = ensure_municipalities(session, PACKAGES, datetime.now(UTC).year, options)
        if report:
            print_report(report)
    finally:
        engine.dispose()
    return None
