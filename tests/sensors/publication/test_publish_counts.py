"""The kept counts equal a recount, whatever was done before, in whatever order."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actions import grant_role
from app.access.context import ActionContext
from app.access.principal import Principal
from app.access.queries import get_principal
from app.core.errors import RegisterError
from app.core.expected_version import ANY_VERSION
from app.municipalities.editions import LoadOptions
from app.organisations.actions import amend_organisation
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.alike_sensors import RECOUNT_ALIKE, STORED_ALIKE
from app.sensors.publication.maintenance import advance_counts
from app.sensors.publication.republish import reassign_municipalities, republish_organisation
from app.sensors.publication.statistics import RECOUNT as RECOUNTED_STATISTICS
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.sensors import CITIES, TODAY, load_cities, make_camera, make_context, make_record

STEPS = 60

RECOUNT = text("""
    WITH counted AS (
        SELECT '' AS code, hidden_from FROM publication.published_sensor
        UNION ALL SELECT unnest(municipality_codes), hidden_from FROM publication.published_sensor
    )
    SELECT code, count(*) FROM counted WHERE hidden_from > :day GROUP BY code ORDER BY code
""")
KEPT = text("""
    SELECT municipality_code, sum(sensors) FROM publication.sensor_count WHERE hidden_from > :day
    GROUP BY municipality_code HAVING sum(sensors) <> 0 ORDER BY municipality_code
""")
LINKS = text("""
    SELECT municipality_code, sort_key, id, hidden_from FROM publication.municipality_sensor
    EXCEPT ALL
    SELECT unnest(municipality_codes), sort_key, id, hidden_from FROM publication.published_sensor
""")
MISSING_LINKS = text("""
    SELECT unnest(municipality_codes), sort_key, id, hidden_from FROM publication.published_sensor
    EXCEPT ALL
    SELECT municipality_code, sort_key, id, hidden_from FROM publication.municipality_sensor
""")
CURRENT = text("""
    SELECT id, version FROM publication.published_sensor
    EXCEPT SELECT id, version FROM publication.published_version WHERE valid_until IS NULL
""")
STORED = "SELECT scope, dimension, scope_value, is_shown, value, sensors FROM publication.sensor_statistic"
WRONG_STATISTICS = text(f"""
    ({STORED} WHERE sensors <> 0 EXCEPT ALL {RECOUNTED_STATISTICS})
    UNION ALL ({RECOUNTED_STATISTICS} EXCEPT ALL {STORED})
""")
WRONG_ALIKE = text(f"""
    (({STORED_ALIKE}) EXCEPT ALL ({RECOUNT_ALIKE})) UNION ALL (({RECOUNT_ALIKE}) EXCEPT ALL ({STORED_ALIKE}))
""")
NEGATIVE = text("SELECT count(*) FROM publication.sensor_count WHERE sensors < 0")


def check_counts(session: Session) -> None:
    """Per municipality and whole, on many days; and the links and versions beside them."""
    for days in (-400, -91, -1, 0, 1, 100, 800, 3000):
        day = {"day": TODAY + timedelta(days=days)}
        assert list(session.execute(KEPT, day)) == list(session.execute(RECOUNT, day)), days
    assert session.execute(LINKS).all() == []
    assert session.execute(MISSING_LINKS).all() == []
    assert session.execute(CURRENT).all() == []
    assert session.scalar(NEGATIVE) == 0
    assert session.execute(WRONG_STATISTICS).all() == []
    assert session.execute(WRONG_ALIKE).all() == []


@dataclass
class Bustle:
    """People who do whatever chance has them do."""

    session: Session
    chance: Random
    officer: Principal
    company: Principal
    owners: list[UUID]
    sensors: list[UUID] = field(default_factory=list)
    edition: int = 2026
    done: int = 0

    def act(self) -> None:
        """One action, in a savepoint as a request is a transaction; a refused one leaves nothing."""
        actions = [
            self.register, self.register, self.move, self.amend, self.hide, self.remove, self.confirm,
            self.rename, self.redraw, self.move_day,
        ]  # fmt: skip
        action = self.chance.choice(actions if self.sensors else [self.register])
        try:
            with self.session.begin_nested():
                action()
            self.done += 1
        except RegisterError:
            pass

    def draw_place(self) -> dict[str, Any]:
        _, x, y = self.chance.choice(list(CITIES.values()))
        lon, lat = self.session.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), 28992), 4258) AS p"
            ),
            {"x": x + self.chance.uniform(-8000, 8000), "y": y + self.chance.uniform(-8000, 8000)},
        ).one()
        return {"type": "Point", "coordinates": [lon, lat]}

    def draw_ask(self) -> ActionContext:
        """Mostly who may do it all."""
        return make_context(self.company if self.chance.random() < 0.2 else self.officer)

    def draw_dates(self) -> dict[str, str]:
        start = TODAY + timedelta(days=self.chance.randint(-800, 100))
        end = start + timedelta(days=self.chance.randint(1, 1200))
        return {"placedFrom": start.isoformat(), "activeUntil": end.isoformat()}

    def register(self) -> None:
        make = self.chance.choice([make_record, make_camera])
        place: dict[str, Any] = {"location": self.draw_place()}
        if self.chance.random() < 0.2:
            codes = self.chance.sample(sorted(CITIES), self.chance.randint(1, 3))
            place = {"location": None, "mobility": "mobile", "operatingArea": codes}
        owner = str(self.chance.choice(self.owners))
        record = make(reference=str(self.chance.random()), owner=owner, **place, **self.draw_dates())
        version = register_sensor(self.session, self.draw_ask(), record)
        self.sensors.append(version.sensor_id)

    def change(self, **patch: Any) -> None:
        amend_sensor(
            self.session, self.draw_ask(), self.chance.choice(self.sensors), patch, expected=ANY_VERSION
        )

    def move(self) -> None:
        self.change(location=self.draw_place())

    def amend(self) -> None:
        self.change(
            name=str(self.chance.random()), viewRangeM=self.chance.choice([50, 5000]), **self.draw_dates()
        )

    def hide(self) -> None:
        visibility = self.chance.choice(["public", "generalised", "internal"])
        self.change(visibility=visibility, visibilityReason="Beveiliging")

    def remove(self) -> None:
        chosen = self.chance.choice(self.sensors)
        day = TODAY - timedelta(days=self.chance.randint(0, 200))
        remove_sensor(
            self.session, self.draw_ask(), chosen, {"removedOn": day.isoformat()}, expected=ANY_VERSION
        )

    def confirm(self) -> None:
        # A sensor that was registered today needs no confirmation.
        context = replace(self.draw_ask(), today=TODAY + timedelta(days=1))
        confirm_sensor(self.session, context, self.chance.choice(self.sensors), expected=None)

    def move_day(self) -> None:
        day = TODAY + timedelta(days=self.chance.randint(-100, 300))
        assert advance_counts(self.session, day)

    def rename(self) -> None:
        changes = {"name": str(self.chance.random())}
        company = self.owners[-1]
        amend_organisation(
            self.session, company, changes, principal_id=None, republish=republish_organisation
        )

    def redraw(self) -> None:
        if self.chance.random() < 0.3:
            self.edition += 1
            load_cities(self.session, self.edition, options=LoadOptions(reassign=reassign_municipalities))


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_stored_counts_equal_a_recount(session: Session, amsterdam: UUID, seed: int) -> None:
    company = make_organisation(session)
    cities = [
        make_municipality(session, code, name) for code, (name, *_) in CITIES.items() if code != "GM0363"
    ]
    owners = [amsterdam, *cities, company]
    officer = make_principal(session, amsterdam)
    for owner in owners[1:]:
        grant_role(session, granted_by=None, principal_id=officer.id, role="editor", organisation_id=owner)
    people = get_principal(session, officer.id), make_principal(session, company)
    bustle = Bustle(session, Random(seed), *people, owners)
    for step in range(STEPS):
        bustle.act()
        if step % 10 == 9:
            check_counts(session)
    assert bustle.done > STEPS / 3
    assert session.scalar(text("SELECT count(*) FROM publication.published_sensor"))
    changes = session.execute(text("SELECT number, kind FROM publication.change ORDER BY number")).all()
    assert [number for number, _ in changes] == list(range(1, len(changes) + 1))
    kinds = {kind for _, kind in changes}
    assert {"published", "amended", "confirmed"} <= kinds <= set(ChangeKind) - {"moved", "withdrawn"}
