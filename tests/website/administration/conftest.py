"""A register with an administrator of everything, and people with every other role, signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.database import transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality
from tests.support.people import MAIL, SITE, make_person, sign_in


@dataclass
class Administration:
    """The application, its administrator, and the organisation of the others."""

    client: TestClient
    engine: Engine
    administrator_id: UUID
    administrator: TestClient
    leiden: UUID
    others: dict[str, TestClient]


@pytest.fixture
def register_office(fresh_database: str) -> Iterator[Administration]:
    with make_client(fresh_database, public_url=SITE, **MAIL) as client:
        engine = read_state(client).write_engine
        with transaction(engine) as session:
            leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
            boss = make_person(session, "Fatima", ("administrator", None))
            others = {
                "editor": make_person(session, "Noor", ("editor", leiden)),
                "reviewer": make_person(session, "Ilse", ("reviewer", leiden)),
                "auditor": make_person(session, "Omar", ("auditor", None)),
                "administrator of one": make_person(session, "Sem", ("administrator", leiden)),
            }
        yield Administration(
            client,
            engine,
            boss,
            sign_in(client, boss),
            leiden,
            {name: sign_in(client, person) for name, person in others.items()},
        )
