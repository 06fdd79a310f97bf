"""Loading an edition: it is read, checked, compared, stored and put in force, or nothing changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.municipalities.attribute_names import parse_municipality_areas
from app.municipalities.boundaries import Boundary, make_boundaries
from app.municipalities.datum_shift import SHIFT_LIMIT_METRES, Shift, measure_shift
from app.municipalities.downloads import DownloadOptions, ReportDownload
from app.municipalities.edition_sources import read_source
from app.municipalities.edition_storage import Edition, list_codes_before, load_nearest_edition, store_edition
from app.municipalities.province_assignment import fill_missing_provinces
from app.municipalities.queries import MUNICIPALITY_LOCK, get_edition_in_force


@dataclass(frozen=True, slots=True)
class Move:
    """A sensor that moved to another municipality; None is outside all municipalities."""

    public_code: str
    from_code: str | None
    to_code: str | None


@dataclass(frozen=True, slots=True)
class ReassignReport:
    """The number of sensors checked, the number that moved, and the first of those."""

    checked: int
    moved: int
    moves: tuple[Move, ...] = ()


SMALLEST_SHARE: Final = 0.75
"""Least share of the area of the loaded edition; an edition without the waters has 84 % of one with them."""

Reassign = Callable[[Session], ReassignReport]
"""Assigns every sensor its municipality in the edition in force; implemented by `app/sensors`."""


@dataclass(frozen=True, slots=True)
class EditionReport:
    """The result of loading an edition.

    `shift` is None without enough loaded data to compare with. `ended` are the codes that only the edition before has,
    `begun` those that only this one has.
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


def report_nothing(_stage: str, _done: int, _total: int | None) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Options of loading an edition.

    `force` accepts a shifted or partial edition, `reassign` updates the sensors. `packages` is the folder of npm
    packages with the towns that tell the province of a municipality where the edition does not.
    """

    force: bool = False
    attribution: str | None = None
    reassign: Reassign | None = None
    packages: Path | None = None
    report_progress: ReportDownload = report_nothing
    download: DownloadOptions = field(default_factory=DownloadOptions)


def load_edition(
    session: Session, source: str, year: int, options: LoadOptions | None = None
) -> EditionReport:
    """Load the boundaries of a year from a file or address, and reassign every sensor.

    Loading a year again replaces it. Nothing changes when it raises; the caller commits.
    Raises: InvalidRequest with every problem found, Unavailable, or Conflict for a shifted or partial edition.
    """
    options = options or LoadOptions()
    if not 1900 <= year <= 2100:
        raise InvalidRequest(
            LocalizedText(f"{year} is geen jaar van een editie.", f"{year} is not the year of an edition.")
        )
    options.report_progress("read", 0, None)
    found = read_source(source, options.download, options.report_progress)
    options.report_progress("check", 0, len(found.features))
    boundaries, repairs = make_boundaries(parse_municipality_areas(found.features), found.declared_crs)
    lock_municipalities_exclusively(session)
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
    """Store these boundaries as an edition, and reassign every sensor. Call `lock_municipalities_exclusively` first."""
    options.report_progress("store", 0, len(boundaries))
    store_edition(session, edition, boundaries)
    if options.packages is not None:
        fill_missing_provinces(session, options.packages)
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


def lock_municipalities_exclusively(session: Session) -> None:
    """Wait for writers of sensors, and block them until this transaction ends.

    A sensor written between the reassignment and the commit would have its old municipality.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MUNICIPALITY_LOCK})


def name_source(location: str) -> str:
    """The public name of a source: without folders of a machine, and without passwords and keys of an address."""
    if not location.startswith(("http://", "https://")):
        return Path(location).name
    address = urlsplit(location)
    return f"{address.scheme}://{address.hostname}{address.path}"


def _refuse_partial(boundaries: Sequence[Boundary], loaded: Mapping[str, BaseGeometry]) -> None:
    # Most sensors would lose their municipality after loading one province or half a download.
    covered = sum(boundary.rd.area for boundary in boundaries)
    before = sum(boundary.area for boundary in loaded.values())
    if covered < SMALLEST_SHARE * before:
        raise Conflict(
            LocalizedText(
                f"Deze grenzen beslaan {covered / before:.0%} van de geladen editie. Er is niets geladen. "
                "Klopt dat? Laad ze dan met --force.",
                f"These boundaries cover {covered / before:.0%} of the loaded edition. Nothing was loaded. "
                "Is that right? Then load them with --force.",
            )
        )


def _refuse_shifted(shift: Shift | None) -> None:
    if shift is None or shift.length_m <= SHIFT_LIMIT_METRES:
        return
    raise Conflict(
        LocalizedText(
            f"Deze grenzen liggen als geheel {shift.in_words.nl} van de geladen editie. Een datumfout "
            "(RD gelezen alsof het WGS 84 is) geeft 31 m oost en 108 m noord. Er is niets geladen. "
            "Ligt juist de geladen editie verkeerd? Laad deze dan met --force.",
            f"These boundaries lie as a whole {shift.in_words.en} of the loaded edition. A datum error "
            "(RD read as if it were WGS 84) gives 31 m east and 108 m north. Nothing was loaded. "
            "Is it the loaded edition that is wrong? Then load this one with --force.",
        )
    )
