"""Municipalities and their editions in an answer."""

from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.municipalities.directory import Directory, NamedEdition, NamedMunicipality

TOOI = "https://identifier.overheid.nl/tooi/id/gemeente/"


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class LinkDocument(_Document):
    """A related address."""

    rel: str
    href: str
    type: str = "application/json"
    title: str | None = None


class EditionDocument(_Document):
    """The boundaries of one year."""

    edition: int = Field(description="The year of the boundaries.")
    approximate: bool = Field(
        description="True for approximate boundaries, by nearest town, which are not official."
    )
    in_force: bool = Field(description="Whether this edition decides in which municipality a sensor lies.")
    source: str
    attribution: str = Field(description="The attribution to show with the boundaries.")
    loaded_at: datetime


class SuccessorDocument(_Document):
    """The municipality that took over most of the territory of a former one."""

    code: str
    name: str
    since_edition: int = Field(description="The first edition without the old municipality.")
    share: float = Field(description="Its share of the old territory, 0 to 1.")
    href: str


class MunicipalitySummary(_Document):
    """A municipality of the edition in force, or of the newest edition that had it."""

    uri: str = Field(description="The address of the municipality in this register.")
    code: str = Field(description="The official code, as GM0363.")
    name: str
    province: str | None = None
    edition: int = Field(description="The edition of these data.")
    approximate: bool = Field(description="True while only approximate boundaries are loaded.")
    in_force: bool = Field(description="False for a former municipality.")
    successor: SuccessorDocument | None = None


class MunicipalityDocument(MunicipalitySummary):
    """A municipality with its extent, and links to its sensors and boundary."""

    tooi: str = Field(
        description="The identifier of the municipality in TOOI, the register of the Dutch government."
    )
    extent: tuple[float, float, float, float] = Field(
        description="West, south, east, north in degrees of longitude and latitude."
    )
    extent_rd: tuple[float, float, float, float] = Field(description="The same in metres of RD New.")
    attribution: str
    sensor_count: int | None = Field(
        None, description="The number of public sensors there today; absent for a former municipality."
    )
    links: list[LinkDocument]


class MunicipalitiesDocument(_Document):
    """Every current and former municipality, in order of code, and the editions, newest first."""

    editions: list[EditionDocument]
    municipalities: list[MunicipalitySummary]


def describe_directory(directory: Directory, public_url: str) -> MunicipalitiesDocument:
    """All municipalities and editions."""
    return MunicipalitiesDocument(
        editions=[describe_edition(edition) for edition in directory.editions],
        municipalities=[summarise_municipality(each, public_url) for each in directory.municipalities],
    )


def describe_edition(edition: NamedEdition) -> EditionDocument:
    """One edition."""
    return EditionDocument.model_validate(edition, from_attributes=True)


def summarise_municipality(municipality: NamedMunicipality, public_url: str) -> MunicipalitySummary:
    """The municipality without its extent."""
    successor = municipality.successor
    return MunicipalitySummary(
        uri=_address(municipality.code, public_url),
        code=municipality.code,
        name=municipality.name,
        province=municipality.province,
        edition=municipality.edition,
        approximate=municipality.approximate,
        in_force=municipality.in_force,
        successor=SuccessorDocument(
            code=successor.code,
            name=successor.name,
            since_edition=successor.since_edition,
            share=successor.share,
            href=_address(successor.code, public_url),
        )
        if successor
        else None,
    )


def describe_municipality(
    municipality: NamedMunicipality, attribution: str, public_url: str, sensor_count: int | None = None
) -> MunicipalityDocument:
    """The municipality with its extent and links."""
    sensors = f"{public_url}/v1/collections/sensors/items?municipality={quote(municipality.code)}"
    boundary = f"{public_url}/v1/collections/municipalities/items/{quote(municipality.code)}"
    return MunicipalityDocument(
        **dict(summarise_municipality(municipality, public_url)),
        tooi=TOOI + municipality.code.lower(),
        extent=municipality.extent,
        extent_rd=municipality.extent_rd,
        attribution=attribution,
        sensor_count=sensor_count,
        links=[
            LinkDocument(rel="self", href=_address(municipality.code, public_url)),
            LinkDocument(rel="items", href=sensors, type="application/geo+json", title="Sensors"),
            LinkDocument(rel="item", href=boundary, type="application/geo+json", title="Boundary"),
        ],
    )


def _address(code: str, public_url: str) -> str:
    return f"{public_url}/v1/municipalities/{quote(code)}"
