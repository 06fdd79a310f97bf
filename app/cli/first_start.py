"""Preparation of a first start: the schema, the municipalities and the examples."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from app.bootstrap.paths import GRID
from app.cli.database import console, prepare_schema
from app.cli.language import current_language, t
from app.cli.municipalities import PACKAGES, show_loading
from app.cli.progress import show_progress
from app.cli.seeding.actions import seed_register
from app.cli.seeding.command import SEEDING, print_seeding
from app.cli.seeding.demo_accounts import ensure_demo_accounts
from app.cli.seeding.demo_key import ensure_demo_key
from app.core.clock import dutch_date
from app.core.database import create_write_engine, transaction
from app.core.settings import Settings
from app.municipalities.editions import LoadOptions
from app.municipalities.first_edition import ensure_municipalities
from app.sensors.publication.maintenance import advance_day
from app.sensors.publication.republish import reassign_municipalities
from app.spatial.crs import add_grid


def prepare_register(url: str, settings: Settings) -> str | None:
    """Migrate, and add municipalities and examples where they are missing.

    Returns the demo key; None in production, which gets no examples either.
    """
    console.print(
        t(
            "De database wordt bijgewerkt naar het nieuwste schema …",
            "Bringing the database to the newest schema …",
        )
    )
    prepare_schema(url)
    add_grid(GRID)
    engine = create_write_engine(url, settings)
    try:
        _add_municipalities(engine)
        advance_day(engine, dutch_date())
        return _add_examples(engine, settings) if settings.environment == "development" else None
    finally:
        engine.dispose()


def _add_municipalities(engine: Engine) -> None:
    with show_loading() as report_progress, transaction(engine) as session:
        options = LoadOptions(reassign=reassign_municipalities, report_progress=report_progress)
        report = ensure_municipalities(session, PACKAGES, datetime.now(UTC).year, options)
    if report:
        kind = t("Benaderde", "approximate") if report.approximate else t("Officiële", "official")
        console.print(
            t(
                f"{kind} grenzen van {report.municipalities} gemeenten geladen.",
                f"Loaded {kind} boundaries of {report.municipalities} municipalities.",
            )
        )


def _add_examples(engine: Engine, settings: Settings) -> str | None:
    with show_progress(SEEDING.render(current_language())) as report_progress, transaction(engine) as session:
        report = seed_register(session, dutch_date(), settings, report_progress=report_progress)
        ensure_demo_accounts(session, settings)
        key = ensure_demo_key(session, settings, datetime.now(UTC))
    if report.stations or report.examples:
        print_seeding(report)
    return key
