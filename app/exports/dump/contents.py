"""Files of a complete dump, each with its title and the statement that selects its rows.

All of it is public: the statements run as the read role, which can read nothing else.
"""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText
from app.files.writers.schema import Column, ColumnKind, Layer
from app.sensors.properties import AREA_KIND, SENSOR_PROPERTIES, SensorProperty
from app.sensors.search.dump_statements import (
    ALL_CHANGES_SQL,
    VALID_FROM,
    VALID_UNTIL,
    compile_all_areas,
    compile_all_sensors,
    compile_all_versions,
)
from app.spatial.crs import Crs


@dataclass(frozen=True, slots=True)
class DumpPart:
    """One file: features with geometries in GeoParquet, or, without a `layer`, rows of texts in CSV."""

    name: str
    title: LocalizedText
    statement: str
    layer: Layer | None = None

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'parquet' if self.layer else 'csv'}"


def list_parts() -> tuple[DumpPart, ...]:
    """All files of a dump, in the order in which they are written."""
    by_name = {one.name: one for one in SENSOR_PROPERTIES}
    # The operational status of today is no part of a former version.
    history = [one for one in SENSOR_PROPERTIES if one.name != "operationalStatus"]
    version = by_name["version"]
    return (
        DumpPart(
            "sensors",
            LocalizedText(
                "Alle openbare sensoren, ook verwijderde en verlopen",
                "All public sensors, removed and expired ones too",
            ),
            compile_all_sensors(),
            _describe_layer("sensors", SENSOR_PROPERTIES),
        ),
        DumpPart(
            "sensor-versions",
            LocalizedText(
                "Alles wat ooit openbaar was, met van wanneer tot wanneer",
                "All that ever was public, and when",
            ),
            compile_all_versions(),
            _describe_layer("sensor-versions", (VALID_FROM, VALID_UNTIL, *history)),
        ),
        DumpPart(
            "areas",
            LocalizedText(
                "Waargenomen gebieden en werkgebieden, van elke versie",
                "Observed and operating areas, of each version",
            ),
            compile_all_areas(),
            _describe_layer("areas", (version, AREA_KIND, VALID_FROM, VALID_UNTIL), areas=True),
        ),
        DumpPart(
            "municipalities",
            LocalizedText(
                "De gemeenten van de geldende editie", "The municipalities of the edition in force"
            ),
            _MUNICIPALITIES_SQL,
            Layer(
                "municipalities",
                "MultiPolygon",
                (
                    Column("name"),
                    Column("province"),
                    Column("edition", ColumnKind.INTEGER),
                    Column("approximate", ColumnKind.BOOLEAN),
                    Column("attribution"),
                ),
                Crs.CRS84,
                identifier="code",
            ),
        ),
        DumpPart("organisations", LocalizedText("Organisaties", "Organisations"), _ORGANISATIONS_SQL),
        DumpPart("vocabularies", LocalizedText("Waardelijsten", "Vocabularies"), _VOCABULARIES_SQL),
        DumpPart(
            "changes",
            LocalizedText("Wat wanneer veranderde, in volgorde", "What changed when, in order"),
            ALL_CHANGES_SQL,
        ),
    )


def _describe_layer(name: str, properties: tuple[SensorProperty, ...], *, areas: bool = False) -> Layer:
    columns = tuple(Column.of_schema(one.name, one.type, one.format) for one in properties)
    return Layer(name, "MultiPolygon" if areas else "Point", columns, Crs.CRS84)


_MUNICIPALITIES_SQL: Final = """
SELECT json_build_object(
    'type', 'Feature', 'id', code, 'geometry', ST_AsGeoJSON(boundary, 7, 0)::json,
    'properties', json_build_object('name', name, 'province', province, 'edition', edition,
        'approximate', approximate, 'attribution', attribution)
)::text
FROM publication.municipality JOIN publication.municipality_edition USING (edition)
WHERE in_force ORDER BY code
"""

_ORGANISATIONS_SQL: Final = """
SELECT id::text, name, organisation_type AS "organisationType", tooi_code AS "tooiCode",
    municipality_code AS "municipalityCode", kvk_number AS "kvkNumber", oin, website,
    public_email AS "publicEmail", public_phone AS "publicPhone", contact_url AS "contactUrl",
    dpo_contact AS "dpoContact"
FROM publication.organisation ORDER BY organisation.id
"""

_VOCABULARIES_SQL: Final = """
SELECT vocabulary, code, term.label_nl AS "labelNl", term.label_en AS "labelEn",
    term.definition_nl AS "definitionNl", term.definition_en AS "definitionEn",
    parent_code AS "parentCode", broader, valid_from::text AS "validFrom", valid_until::text AS "validUntil", uri
FROM publication.term JOIN publication.vocabulary ON vocabulary.name = term.vocabulary
ORDER BY vocabulary.position, term.position, code
"""
