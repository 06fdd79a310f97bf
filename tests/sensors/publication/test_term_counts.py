"""The use of terms: counted over all versions, in one pass."""

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.core.expected_version import ANY_VERSION
from app.sensors.fields import FIELDS
from app.sensors.publication.term_counts import COUNTED_VOCABULARIES, TermCount, count_term_use, list_term_use
from app.sensors.registration.actions import amend_sensor, register_sensor
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import load_cities, make_camera, make_context


def test_present_public_sensors_and_all_versions_count(session: Session) -> None:
    load_cities(session)
    context = make_context(make_principal(session, make_municipality(session)))
    camera = make_camera(reference="c-1", mounting="facade", themes=["mobility_car", "housing"])
    known = register_sensor(session, context, camera)
    hidden = {"visibility": "internal", "visibilityReason": "Een woning."}
    register_sensor(session, context, make_camera(reference="c-2", mounting="facade", **hidden))
    count_term_use(session)
    assert list_term_use(session, "mounting") == {"facade": TermCount(1, 2)}
    changes = {"mounting": "lamp_post", "themes": ["housing"]}
    amend_sensor(session, context, known.sensor_id, changes, expected=ANY_VERSION)
    count_term_use(session)
    assert list_term_use(session, "mounting") == {"facade": TermCount(0, 2), "lamp_post": TermCount(1, 1)}
    assert list_term_use(session, "themes")["mobility_car"] == TermCount(0, 1)
    assert list_term_use(session, "themes")["housing"].sensors == 1


@pytest.mark.slow
def test_counts_of_many_sensors_equal_those_of_each_column(
    large_register: psycopg.Connection, large_database: str
) -> None:
    engine = create_engine(sqlalchemy_url(large_database))
    with Session(engine) as session:
        count_term_use(session)
        for field in FIELDS:
            if field.vocabulary is None:
                continue
            codes = field.column if field.kind == "terms" else f"ARRAY[{field.column}]"
            counted = session.execute(
                text(
                    f"SELECT code, count(*) FROM register.sensor_version CROSS JOIN LATERAL unnest({codes})"
                    " AS code WHERE code IS NOT NULL GROUP BY code"
                )
            )
            expected = {row[0]: row[1] for row in counted}
            found = list_term_use(session, field.vocabulary)
            assert {code: one.versions for code, one in found.items()} == expected
        session.rollback()
    engine.dispose()
    assert len(COUNTED_VOCABULARIES) > 10
