"""Loading an edition: read, checked, compared with what is loaded, stored and put in force, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.municipalities.attribute_names import read_municipality_areas
from app.municipalities.boundaries import Boundary, make_boundaries
from app.municipalities.datum_shift import SHIFT_LIMIT_METRES, Shift, measure_shift
from app.municipalities.downloads import ReportDownload
from app.municipalities.edition_sources import read_source
from app.municipalities.edition_storage import Edition, list_codes_before, load_nearest_edition, store_edition
from app.municipalities.queries import MUNICIPALITY_LOCK, get_edition_in_force


@dataclass(frozen=True, slots=True)
class Move:
    """A sensor, by its public code, that lies in another municipality than before; None is in none."""

    public_code: str
    from_code: str | None
    to_code: str | None


@dataclass(frozen=True, slots=True)
class ReassignReport:
    """How many sensors were looked at, how many moved, and the first of those that did."""

    looked_at: int
    moved: int
    moves: tuple[Move, ...] = ()


SMALLEST_SHARE: Final = 0.75
"""An edition without the waters covers 84 % of one with them; less than this is not the whole country."""

Reassign = Callable[[Session], ReassignReport]
"""Gives every sensor its municipality of the edition in force; the slice of the sensors has it."""


@dataclass(frozen=True, slots=True)
class EditionReport:
    """What loading did.

    `shift` is None when nothing was loaded to compare with, or too little; `ended` and `begun` are the codes
    that the edition before it has and this one has not, and the other way round.
    """

    edition: int
    approximate: bool
    in_force: int
    municipalities: int
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    reassigned: ReassignReport | None
    repairs: tuple[str, ...] = ()
    shift: Shift | None = None


def keep_silent(_stage: str, _done: int, _total: int | None) -> None:
    """A progress report that nobody watches."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How an edition is loaded.

    `force` takes a shifted or partial one too, `reassign` moves the sensors along, `timeout_seconds` is how long each
    wait for another machine may last.
    """

    force: bool = False
    attribution: str | None = None
    reassign: Reassign | None = None
    report_progress: ReportDownload = keep_silent
    timeout_seconds: float = 60


def load_edition(
    session: Session, source: str, year: int, options: LoadOptions | None = None
) -> EditionReport:
    """Load the boundaries of a year from a file or address, and re-assign every sensor.

    Loading a year again replaces it. Nothing changes when it raises; the caller commits.
    Raises: InvalidRequest with every problem found, Unavailable, or Conflict for a shifted or partial edition.
    """
    options = options or LoadOptions()
    if not 1900 <= year <= 2100:
        raise InvalidRequest(
            LocalizedText(f"{year} is geen jaar van een editie.", f"{year} is not the year of an edition.")
        )
    options.report_progress("read", 0, None)
    found = read_source(source, options.timeout_seconds, options.report_progress)
    options.report_progress("check", 0, len(found.features))
    boundaries, repairs = make_boundaries(read_municipality_areas(found.features), found.declared_crs)
    lock_editions(session)
    options.report_progress("compare", 0, None)
    loaded = load_nearest_edition(session, year)
    shift = measure_shift({boundary.code: boundary.rd for boundary in boundaries}, loaded)
    if not options.force:
        _refuse_partial(boundaries, loaded)
        _refuse_shifted(shift)
    attribution = options.attribution or f"Kadaster / Centraal Bureau voor de Statistiek, {year} (CC BY 4.0)"
    edition = Edition(year, approximate=False, source=name_source(source), attribution=attribution)
    return replace(put_edition(session, edition, boundaries, options), repairs=repairs, shift=shift)


def put_edition(
    session: Session, edition: Edition, boundaries: Sequence[Boundary], options: LoadOptions
) -> EditionReport:
    """Store these boundaries as an edition, and re-assign every sensor; `lock_editions` comes first."""
    options.report_progress("store", 0, len(boundaries))
    store_edition(session, edition, boundaries)
    options.report_progress("reassign", 0, None)
    reassigned = options.reassign(session) if options.reassign else None
    record_action(
        session,
        principal_id=None,
        action="load_municipality_edition",
        subject_kind="municipality_edition",
        subject_ids=[str(edition.year)],
        details=asdict(edition)
        | {
            "forced": options.force,
            "municipalities": len(boundaries),
            "sensors_moved": reassigned.moved if reassigned else 0,
        },
    )
    before = list_codes_before(session, edition.year)
    after = {boundary.code for boundary in boundaries}
    return EditionReport(
        edition=edition.year,
        approximate=edition.approximate,
        in_force=get_edition_in_force(session).edition,
        municipalities=len(boundaries),
        ended=tuple(sorted(before - after)),
        begun=tuple(sorted(after - before)) if before else (),
        reassigned=reassigned,
    )


def lock_editions(session: Session) -> None:
    """Wait until no sensor is being written, and let none be until this transaction ends.

    A sensor written between the re-assignment and the commit would keep its old municipality.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MUNICIPALITY_LOCK})


def name_source(location: str) -> str:
    """A source as the public may see it: no folder of somebody's machine, no password or key in an address."""
    if not location.startswith(("http://", "https://")):
        return Path(location).name
    address = urlsplit(location)
    return f"{address.scheme}://{address.hostname}{address.path}"


def _refuse_partial(boundaries: Sequence[Boundary], loaded: Mapping[str, BaseGeometry]) -> None:
    # One province, or half a download: most sensors would lose their municipality.
    covered = sum(boundary.rd.area for boundary in boundaries)
    before = sum(boundary.area for boundary in loaded.values())
    if covered < SMALLEST_SHARE * before:
        raise Conflict(
            LocalizedText(
                f"Deze grenzen beslaan {covered / before:.0%} van de geladen editie. Er is niets geladen. "
                "Laad toch met --force als dat klopt.",
                f"These boundaries cover {covered / before:.0%} of the loaded edition. Nothing was loaded. "
                "Load them anyway with --force if that is right.",
            )
        )


def _refuse_shifted(shift: Shift | None) -> None:
    if shift is None or shift.length_m <= SHIFT_LIMIT_METRES:
        return
    raise Conflict(
        LocalizedText(
            f"Deze grenzen liggen als geheel {shift.in_words.nl} van de geladen editie; een datumfout "
            "(RD gelezen alsof het op WGS 84 staat) geeft 31 m oost en 108 m noord. Er is niets geladen. "
            "Laad toch met --force als juist de geladen editie verkeerd ligt.",
            f"These boundaries lie as a whole {shift.in_words.en} of the loaded edition; a datum error "
            "(RD read as if it stood on WGS 84) gives 31 m east and 108 m north. Nothing was loaded. "
            "Load it anyway with --force if it is the loaded edition that lies wrong.",
        )
    )
