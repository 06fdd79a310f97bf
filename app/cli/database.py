"""Which database a command works on, and `sensor-register migrate`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.access.upkeep import delete_old_access
from app.audit.queries import AUDIT_ADVICE, is_audit_protected
from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import CLUSTER
from app.cli.language import t
from app.core.clock import dutch_date
from app.core.database import CREATE_ROLE_ADVICE, create_write_engine, transaction
from app.core.migrations import migrate_database
from app.core.settings import Settings, get_settings
from app.imports.uploads import delete_old_files
from app.local_postgres.cluster import run_cluster
from app.local_postgres.restarting import restarted_when_killed
from app.mail.outbox import delete_old_mail
from app.organisations.joining import delete_old_requests
from app.reports.report_retention import delete_old_reports, delete_reporter_addresses
from app.sensors.publication.maintenance import advance_day, rewrite_in_order

console = Console()


@contextmanager
def use_database(settings: Settings, *, required: bool = True) -> Iterator[str]:
    """The URL of the database of the settings; without one, of the private cluster, running meanwhile.

    A database that is not `required` at once may come later: that it is not there is printed.
    Raises: CannotStart, saying what to do.
    """
    if settings.database_url:
        try:
            check_reachable(settings.database_url)
        except CannotStart as problem:
            if required:
                raise
            console.print(
                t(
                    f"{problem.dutch}\nTot die te gebruiken is, antwoordt het register 503, en /health/ready zegt dat.",
                    f"{problem}\nUntil it can be used, the register answers 503 and /health/ready says so.",
                ),
                style="yellow",
                markup=False,
            )
        yield settings.database_url
    else:
        with run_cluster(CLUSTER) as cluster, restarted_when_killed(cluster):
            yield cluster.url()


def check_reachable(url: str) -> None:
    """Raises: CannotStart, with what the server said."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise CannotStart(
            t(
                f"De database van REGISTER_DATABASE_URL is niet te gebruiken: {error}\n"
                "Controleer het adres, of laat de instelling weg: dan is er een eigen database.",
                f"The database of REGISTER_DATABASE_URL cannot be used: {error}\n"
                "Check the address, or leave the setting out to use a private database.",
            )
        ) from error


@contextmanager
def use_engine(settings: Settings) -> Iterator[Engine]:
    """That database, for several transactions."""
    with use_database(settings) as url:
        engine = create_write_engine(url, settings)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def use_session() -> Iterator[Session]:
    """One transaction on it, committed when the block ends without an error."""
    with use_engine(get_settings()) as engine, transaction(engine) as session:
        yield session


def keep_up() -> None:
    """Sort the published sensors by location, and update the clusters of the map to today.

    Run it at night: reading waits meanwhile. It also deletes uploaded files of old imports, ended sessions with the
    names of their browsers, counts of rate limits, requests to join, addresses of reporters, and what became of mail a
    month ago.
    """
    settings = get_settings()
    with (
        use_engine(settings) as engine,
        console.status(
            t(
                "De gepubliceerde sensoren worden op plaats gesorteerd",
                "Sorting the published sensors by location",
            )
        ),
    ):
        with transaction(engine) as session:
            delete_old_files(session, settings.import_kept_days)
            delete_old_access(session, datetime.now(UTC))
            delete_old_mail(session, datetime.now(UTC))
            delete_old_requests(session, datetime.now(UTC))
            delete_reporter_addresses(session, datetime.now(UTC))
            delete_old_reports(session, datetime.now(UTC))
        is_at_day = advance_day(engine, dutch_date())
        is_in_order = rewrite_in_order(engine)
    if not is_at_day:
        console.print(
            t(
                "De groepen van de kaart zijn niet bijgewerkt, want er worden sensoren geschreven.",
                "The clusters were not updated, because sensors are being written.",
            )
        )
    if not is_in_order:
        console.print(
            t(
                "De gepubliceerde sensoren zijn niet gesorteerd, want ze worden gelezen.",
                "The published sensors were not sorted, because they are being read.",
            )
        )
    if not (is_at_day and is_in_order):
        sys.exit(
            t(
                "Voer `sensor-register upkeep` opnieuw uit op een rustiger uur.",
                "Run `sensor-register upkeep` again at a quieter hour.",
            )
        )
    console.print(
        t(
            "De gepubliceerde sensoren zijn op plaats gesorteerd.",
            "The published sensors are sorted by location.",
        )
    )


def migrate() -> None:
    """Update the database to the newest schema; it can be repeated."""
    with use_database(get_settings()) as url:
        prepare_schema(url)
    console.print(t("De database heeft het nieuwste schema.", "The database has the newest schema."))


def prepare_schema(url: str) -> None:
    """Migrate, and say what an administrator can do where public reads have no role of their own."""
    if not migrate_database(url):
        console.print(
            t(
                "De gebruiker van de database mag geen rollen maken. Openbare vragen lopen daarom onder die gebruiker "
                "zelf. Laat een beheerder dit uitvoeren, dan lezen ze alleen wat gepubliceerd is:\n\n"
                f"  {CREATE_ROLE_ADVICE}\n\nen voer daarna `sensor-register migrate` opnieuw uit.",
                "The database user may not create roles, so public reads run as that user itself. To shut them "
                f"off from everything but the publication, let an administrator run:\n\n  {CREATE_ROLE_ADVICE}\n"
                "\nand then run `sensor-register migrate` again.",
            ),
            style="yellow",
        )
    with psycopg.connect(url) as connection:
        is_protected = is_audit_protected(connection)
    if not is_protected:
        console.print(
            t(
                "Het auditspoor is van de databasegebruiker van het register, die het zou kunnen "
                "wijzigen. Voorkom dat: "
                f"voer {AUDIT_ADVICE} uit.",
                "The audit trail belongs to the database user of the register, which could change it. To "
                "prevent that, run "
                f"{AUDIT_ADVICE}.",
            ),
            style="yellow",
            markup=False,
        )
