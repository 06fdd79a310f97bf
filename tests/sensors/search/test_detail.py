"""All public data of one sensor, for its page."""

import asyncio

from sqlalchemy import create_engine

from app.core.database import create_read_pool, sqlalchemy_url, transaction
from app.core.expected_version import ExpectedVersion
from app.core.settings import Settings
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.version_record import SensorVersion
from app.sensors.search.detail import SensorDetail, read_sensor_detail
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import TODAY, load_cities, make_camera, make_context


def register_and_amend(database_url: str) -> SensorVersion:
    """Register a camera, then narrow its field of view."""
    engine = create_engine(sqlalchemy_url(database_url))
    with transaction(engine) as session:
        load_cities(session)
        context = make_context(make_principal(session, make_municipality(session)))
        camera = register_sensor(session, context, make_camera())
    with transaction(engine) as session:
        amend_sensor(
            session,
            context,
            camera.sensor_id,
            {"viewAngleDeg": 30},
            expected=ExpectedVersion.exactly(camera.number),
        )
    engine.dispose()
    return camera


def read(database_url: str, public_code: str) -> SensorDetail | None:
    async def read_once() -> SensorDetail | None:
        async with create_read_pool(database_url, Settings(read_connections=1)) as pool:
            return await read_sensor_detail(pool, public_code, TODAY)

    return asyncio.run(read_once())


def test_sensor_detail_has_all_versions_and_areas_of_the_last(fresh_database: str) -> None:
    camera = register_and_amend(fresh_database)

    detail = read(fresh_database, camera.public_code)

    assert detail is not None
    assert detail.feature["id"] == str(camera.sensor_id)
    assert [version.version for version in detail.versions] == [2, 1]
    assert [version.feature["properties"]["viewAngleDeg"] for version in detail.versions] == [30, 60]
    newest, oldest = detail.versions
    assert newest.valid_until is None
    assert oldest.valid_until == newest.valid_from
    assert list(detail.areas) == ["observed"]
    assert detail.areas["observed"]["type"] == "MultiPolygon"


def test_sensor_detail_of_unknown_public_code_is_none(fresh_database: str) -> None:
    assert read(fresh_database, "2222222") is None
