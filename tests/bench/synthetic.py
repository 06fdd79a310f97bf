"""Synthetic sensors, clustered in towns, with every column filled, made as a set.

They take the write path of real ones: registered, placed in municipalities, projected, announced. Only the check of
each record is left out, since a million of them are sound by construction.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, text

from app.core.database import transaction
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.municipality_assignment import place_versions
from app.sensors.publication.publish import Publication, project_sensors, record_changes

PIECE: Final = 20_000

OWNERS: Final = 400

_MAKE_OWNERS = """
INSERT INTO publication.organisation (name, organisation_type, public_email)
SELECT 'Synthetic organisation ' || n, 'company', 'info@example.org' FROM generate_series(1, CAST(:owners AS int)) AS n
"""

# A third is in the five large cities. Places become rarer with the distance from a town: the product of two
# random numbers is mostly small.
_MAKE_SENSORS = """
CREATE TEMPORARY TABLE synthetic ON COMMIT DROP AS
WITH towns AS (
    SELECT row_number() OVER (ORDER BY code) AS town, code, label_point_rd
    FROM publication.municipality JOIN publication.municipality_edition USING (edition) WHERE in_force
),
large AS (
    SELECT row_number() OVER (ORDER BY code) AS town, label_point_rd
    FROM towns WHERE code IN ('GM0363', 'GM0599', 'GM0518', 'GM0344', 'GM0772')
),
owners AS (SELECT row_number() OVER (ORDER BY id) AS owner, id FROM publication.organisation),
numbered AS (
    SELECT n, random() < 0.33 AS in_large, random() AS r1, random() AS r2, random() AS r3, random() AS r4,
        random() AS r5, random() AS r6, random() AS r7
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
)
SELECT register.uuid7() AS id, n, owners.id AS owner_id, r1, r2, r3, r4, r5, r6, r7, in_large,
    ST_SetSRID(ST_MakePoint(
        ST_X(label_point_rd) + (CASE WHEN in_large THEN 9000 ELSE 5000 END) * r1 * r2 * cos(6.28318 * r3),
        ST_Y(label_point_rd) + (CASE WHEN in_large THEN 9000 ELSE 5000 END) * r1 * r2 * sin(6.28318 * r3)
    ), 28992) AS place_rd
FROM numbered
JOIN LATERAL (
    SELECT label_point_rd FROM large WHERE in_large AND town = 1 + floor(r4 * (SELECT count(*) FROM large))
    UNION ALL
    SELECT label_point_rd FROM towns WHERE NOT in_large AND town = 1 + floor(r4 * (SELECT count(*) FROM towns))
) AS chosen ON true
JOIN owners ON owner = 1 + floor(r5 * (SELECT count(*) FROM owners))
"""

_REGISTER = """
INSERT INTO register.sensor (id, owner_id, reference, registered_at)
SELECT id, owner_id, 'synthetic-' || n, now() - r6 * interval '1000 days' FROM synthetic
"""

# One in five is a camera with a field of view of 60 degrees and 40 m, drawn in RD.
_DESCRIBE = """
INSERT INTO register.sensor_version (
    sensor_id, number, registration_status, recorded_at, published_at, reference, name, summary, sensor_type,
    sensor_subtype, measures, manufacturer, model, supplier, specification_url, connectivity, owner_id, operator_id,
    controller_id, mobility, location, location_rd, location_accuracy, location_description, postcode, house_number,
    height_m, height_reference, view_direction_deg, view_angle_deg, view_range_m, observed_area, observed_area_rd,
    observed_area_derived, mounting, bgt_id, purpose, themes, project, personal_data, gdpr_bases, legal_basis_text,
    legal_basis_url, privacy_statement_url, dpia_status, dpia_reference, dpia_date, retention_kind,
    retention_period, recipients, storage, data_types, processing, open_data, data_url, more_info_url, placed_from,
    active_until, removed_on, visibility, visibility_reason, last_confirmed_on, confirm_by)
SELECT id, 1, 'published', now(), now(), 'synthetic-' || n, 'Sensor ' || n,
    'Meet op deze plek wat er op straat gebeurt, om de stad schoon, veilig en bereikbaar te houden.',
    sensor_type, CASE WHEN sensor_type = 'optical_camera' THEN 'traffic' END, 'Wat er op deze plek voorbijkomt',
    'Fabrikant ' || n % 40, 'Model ' || n % 300, 'Leverancier ' || n % 60, 'https://example.org/specificatie/' || n,
    (ARRAY['wired', 'cellular', 'wifi', 'lora'])[1 + floor(4 * r1)], owner_id, owner_id,
    CASE WHEN r2 < 0.4 THEN owner_id END, 'fixed', ST_Transform(place_rd, 4258), place_rd, 'exact',
    'Aan een lantaarnpaal op de hoek', (1000 + n % 8999) || ' AB', (1 + n % 200)::text, round((2 + 6 * r3)::numeric, 1),
    'ground', CASE WHEN has_view THEN floor(360 * r4) END, CASE WHEN has_view THEN 60 END,
    CASE WHEN has_view THEN 40 END, ST_Transform(view_rd, 4258), view_rd, has_view,
    (ARRAY['lamp_post', 'facade', 'traffic_light', 'road_surface'])[1 + floor(4 * r5)],
    'G0363.' || md5(n::text), 'Weten hoe druk, warm of luid het is, om daar beleid op te maken.',
    ARRAY[(ARRAY['environment_noise', 'mobility_car', 'mobility_pedestrian', 'safety_security_camera',
                 'environment_climate_change'])[1 + floor(5 * r6)]],
    'Project ' || n % 1000, CASE WHEN r2 < 0.4 THEN 'yes' ELSE 'none' END,
    CASE WHEN r2 < 0.4 THEN ARRAY['public_task'] END, CASE WHEN r2 < 0.4 THEN 'Gemeentewet art. 151c' END,
    CASE WHEN r2 < 0.4 THEN 'https://wetten.overheid.nl/BWBR0005416' END,
    CASE WHEN r2 < 0.4 THEN 'https://example.org/privacy' END, CASE WHEN r2 < 0.4 THEN 'done' END,
    CASE WHEN r2 < 0.4 THEN 'DPIA-' || n % 500 END, CASE WHEN r2 < 0.4 THEN date '2025-06-01' END,
    CASE WHEN r2 < 0.4 THEN 'fixed' END, CASE WHEN r2 < 0.4 THEN 'P28D' END, 'Medewerkers van de eigenaar',
    'In Nederland, versleuteld', ARRAY['values_time'], ARRAY['aggregated'], r7 < 0.5, 'https://example.org/data/' || n,
    'https://example.org/meer/' || n, CURRENT_DATE - floor(900 * r6)::int, CURRENT_DATE + floor(1500 * r7 - 50)::int,
    CASE WHEN r4 < 0.02 THEN CURRENT_DATE - 1 END, 'public', NULL, CURRENT_DATE - floor(200 * r5)::int,
    CURRENT_DATE + 165
FROM (
    SELECT synthetic.*, (ARRAY['optical_camera', 'sound', 'climate', 'chemical', 'presence', 'radio', 'beacon',
        'temperature', 'pressure', 'position'])[1 + floor(10 * r7)] AS sensor_type, r7 < 0.2 AS has_view,
        CASE WHEN r7 < 0.2 THEN ST_Multi(ST_MakePolygon(ST_MakeLine(ARRAY[
            place_rd,
            ST_Translate(place_rd, 40 * sin(6.28318 * r4 - 0.52), 40 * cos(6.28318 * r4 - 0.52)),
            ST_Translate(place_rd, 40 * sin(6.28318 * r4), 40 * cos(6.28318 * r4)),
            ST_Translate(place_rd, 40 * sin(6.28318 * r4 + 0.52), 40 * cos(6.28318 * r4 + 0.52)),
            place_rd]))) END AS view_rd
    FROM synthetic
) AS described
"""


def make_sensors(engine: Engine, sensors: int, report: Callable[[int], object]) -> None:
    """Fill an empty register with synthetic sensors; `report` receives the number that is done.

    Raises: psycopg errors; the municipalities must be loaded.
    """
    with transaction(engine) as session:
        session.execute(text(_MAKE_OWNERS), {"owners": OWNERS})
    for first in range(1, sensors + 1, PIECE):
        last = min(first + PIECE - 1, sensors)
        with transaction(engine) as session:
            session.execute(text("SELECT setseed(:seed)"), {"seed": (first % 997) / 1000})
            session.execute(text(_MAKE_SENSORS), {"first": first, "last": last})
            session.execute(text("ANALYZE synthetic"))
            session.execute(text(_REGISTER))
            session.execute(text(_DESCRIBE))
            sensor_ids: list[UUID] = list(session.scalars(text("SELECT id FROM synthetic")))
            publication = Publication()
            place_versions(session, sensor_ids)
            project_sensors(session, sensor_ids, publication, kind=ChangeKind.PUBLISHED)
            record_changes(session, publication)
        report(last)
