"""Coverage of a municipality, and the completeness of fields."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.i18n import LANGUAGES
from app.core.templates import templates
from app.duties.actions import set_duty
from app.sensors.search.parameters import parse_search_text
from app.sensors.search.reference_data import get_reference_data
from app.statistics.coverage import Coverage, FieldCompleteness, read_completeness, read_coverage
from tests.support.register import Register
from tests.support.sensors import make_camera


def run(register: Register, function: Any, *arguments: Any) -> Any:
    assert register.client.portal is not None
    state = get_app_state(register.client.app)  # type: ignore[arg-type]
    return register.client.portal.call(function, state, *arguments)


def read_fields(register: Register, text: str = "") -> dict[str, FieldCompleteness]:
    async def read(state: Any) -> Any:
        return await read_completeness(state, parse_search_text(text, await get_reference_data(state)))

    return {one.name: one for one in run(register, read)}


def render(coverage: Coverage, language: str) -> str:
    source = '{% from "website/coverage.html" import coverage_text with context %}{{ coverage_text(coverage, name) }}'
    text = templates().from_string(source).render(coverage=coverage, name="Amsterdam", language=language)
    return " ".join(text.split())


@pytest.fixture
def started(register: Register) -> datetime:
    return datetime.now(UTC)


def test_coverage_has_owners_moments_density_and_contact(register: Register, started: datetime) -> None:
    dates = {"placedFrom": None, "activeUntil": None}
    register.register(reference="first")
    register.register(**{k: v for k, v in make_camera(reference="camera").items() if k not in dates})

    coverage: Coverage = run(register, read_coverage, "GM0363")

    assert (coverage.sensors, coverage.confirmed, coverage.confirmed_share) == (2, 2, 1.0)
    [owner] = coverage.owners
    assert owner.count == 2
    assert coverage.contact is not None
    assert owner.name == coverage.contact.name
    assert coverage.contact.email
    assert coverage.area_km2 == pytest.approx(256)
    assert coverage.sensors_per_km2 == pytest.approx(2 / 256)
    assert coverage.first_registered_at is not None
    assert coverage.last_registered_at is not None
    assert started - timedelta(minutes=1) < coverage.first_registered_at < coverage.last_registered_at
    assert coverage.last_registered_at <= datetime.now(UTC) + timedelta(minutes=1)


def test_coverage_without_sensors_or_organisation_is_empty(register: Register) -> None:
    coverage: Coverage = run(register, read_coverage, "GM0772")

    assert (coverage.sensors, coverage.owners, coverage.contact) == (0, (), None)
    assert (coverage.first_registered_at, coverage.confirmed_share) == (None, None)


def test_completeness_counts_only_sensors_to_which_a_field_applies(register: Register) -> None:
    dates = {"placedFrom", "activeUntil"}
    register.register(reference="sound", summary="Meet geluid")
    register.register(**{name: value for name, value in make_camera().items() if name not in dates})

    fields = read_fields(register)

    assert (fields["summary"].applies, fields["summary"].filled, fields["summary"].share) == (2, 1, 0.5)
    assert (fields["gdprBases"].applies, fields["gdprBases"].filled) == (1, 1)
    assert (fields["recipients"].applies, fields["recipients"].filled) == (1, 0)
    assert (fields["legitimateInterest"].applies, fields["legitimateInterest"].share) == (0, None)
    assert read_fields(register, "sensorType=sound")["gdprBases"].applies == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_says_what_an_empty_spot_means_and_whom_to_ask(register: Register, language: str) -> None:
    register.register(reference="first")
    text = render(run(register, read_coverage, "GM0363"), language)
    empty = render(run(register, read_coverage, "GM0772"), language)

    assert "mailto:" in text
    expected = "toch een sensor zijn" if language == "nl" else "still be one in the street"
    assert expected in text
    assert expected in empty
    assert (
        "Vraag het aan de gemeente Amsterdam" if language == "nl" else "Ask the municipality of Amsterdam"
    ) in empty


def test_coverage_says_what_the_municipality_asks(register: Register) -> None:
    unsaid = render(run(register, read_coverage, "GM0363"), "en")
    assert "Amsterdam has not stated in this register whether owners must register their sensors." in unsaid
    given = {
        "validFrom": "2021-12-01",
        "mandatory": True,
        "ownerTypes": ["company"],
        "removalNotified": True,
        "exemptions": {"nl": "Thuis & tuin.", "en": "Home & garden."},
        "legalTitle": {"nl": "APV, artikel 1"},
        "legalUrl": "https://example.org/apv",
    }
    engine = get_app_state(register.client.app).write_engine  # type: ignore[arg-type]
    with transaction(engine) as session:
        set_duty(session, None, "GM0363", given, today=dutch_date(), is_example=True)
    coverage: Coverage = run(register, read_coverage, "GM0363")
    assert coverage.duty.is_mandatory
    dutch, english = render(coverage, "nl"), render(coverage, "en")
    for said in (
        "Eigenaren moeten hun sensoren melden in Amsterdam. Deze regel geldt sinds 1 december 2021.",
        "Dit geldt voor alle soorten sensoren, maar alleen voor deze eigenaren: Bedrijf.",
        "Melden moet uiterlijk 5 dagen voordat de sensor er komt.",
        "Meld ook als een sensor weg is.",
        "Niet gemeld hoeft te worden: Thuis &amp; tuin.",
        '<a href="https://example.org/apv" rel="external">APV, artikel 1</a>',
        "Dit is een voorbeeld.",
    ):
        assert said in dutch
    assert (
        "Owners must register their sensors in Amsterdam. This rule has held since 1 December 2021."
        in english
    )
    assert "This is an example." in english
    assert "Meld ook wijzigingen" not in dutch
