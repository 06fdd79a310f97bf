"""Tasks, the quality list and the page of a reminder in a real browser; accessibility of each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text, update

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.sensors.reminders.remind import record_reminder
from app.sensors.tables.register import sensor_version
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def secret(module_database: str, codes: dict[str, str]) -> Iterator[str]:
    """The secret of a reminder of Amsterdam, of which Eva is an editor: all dates of its sensors are near."""
    engine = create_engine(sqlalchemy_url(module_database))
    near, past = dutch_date() + timedelta(days=5), dutch_date() - timedelta(days=360)
    with transaction(engine) as session:
        person = admit_principal(session, admitted_by=None, name="Eva", handle=f"eva{DEMO_DOMAIN}")
        amsterdam = session.execute(
            text("SELECT id FROM publication.organisation WHERE municipality_code = 'GM0363'")
        ).scalar_one()
        grant_role(session, granted_by=None, principal_id=person, role="editor", organisation_id=amsterdam)
        dates = {"confirm_by": near, "active_until": near, "last_confirmed_on": past}
        session.execute(update(sensor_version).values(dates))
        reminder = record_reminder(session, amsterdam, datetime.now(UTC))
        assert reminder is not None
    yield reminder.secret
    engine.dispose()


def assert_sound(page: Page) -> None:
    """Check that nothing is wrong for who cannot see, and that nothing sticks out on a phone."""
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_link_of_a_reminder_confirms_without_javascript(browser: Browser, address: str, secret: str) -> None:
    with visit(browser, viewport=NARROWEST) as page:
        page.goto(f"{address}/bevestigen?sleutel={secret}")
        assert_sound(page)
    with visit(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/bevestigen?sleutel={secret}")
        page.get_by_role("button", name="Bevestig").click()
        expect(page.get_by_role("status")).to_contain_text("Bedankt. Bevestigd:")
    with visit(browser, viewport=NARROWEST, color_scheme="dark") as page:
        page.goto(f"{address}/en/bevestigen?sleutel={secret}")
        assert_sound(page)
        page.goto(f"{address}/bevestigen?sleutel=onbekend")
        assert_sound(page)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tasks_and_quality_list_lead_to_a_field(browser: Browser, address: str, scheme: str) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        page.goto(f"{address}/mijn/taken")
        page.get_by_role("button", name="Eva").click()
        expect(page.get_by_role("heading", name="Einddatum bereikt of dichtbij")).to_be_visible()
        assert_sound(page)
        page.get_by_role("link", name="Bekijk de kwaliteitslijst").click()
        assert_sound(page)
        page.get_by_role("link", name="Niet ingevuld: Meer informatie").click()
        assert_sound(page)
        page.get_by_role("button", name="Vul aan of wijzig").first.click()
        expect(page.get_by_label("Meer informatie")).to_be_in_viewport()
