"""Municipalities and their editions as they are answered."""

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
    """One year's boundaries."""

    edition: int = Field(description="The year of the boundaries.")
    approximate: bool = Field(description="True for boundaries by nearest place, which are not official.")
    in_force: bool = Field(description="Whether this edition decides in which municipality a sensor lies.")
    source: str
    attribution: str = Field(description="Whom to name when the boundaries are shown.")
    loaded_at: datetime


class SuccessorDocument(_Document):
    """Who took over the territory of a municipality that is no more."""

    code: str
    name: str
    since_edition: int = Field(description="The first edition without the old municipality.")
    share: float = Field(description="The part of the old territory that this one has, 0 to 1.")
    href: str


class MunicipalitySummary(_Document):
    """A municipality of the edition in force, or of the newest edition that had it."""

    uri: str = Field(description="The address of the municipality in this register.")
    code: str = Field(description="The official code, as GM0363.")
    name: str
    province: str | None = None
    edition: int = Field(description="The edition these facts are from.")
    approximate: bool = Field(description="True while only boundaries by nearest place are loaded.")
    in_force: bool = Field(description="False for a municipality that is no more.")
    successor: SuccessorDocument | None = None


class MunicipalityDocument(MunicipalitySummary):
    """A municipality, where it lies, and where its sensors are to be found."""

    tooi: str = Field(description="The identifier that Dutch government gives the municipality.")
    extent: tuple[float, float, float, float] = Field(
        description="West, south, east, north in degrees of longitude and latitude."
    )
    extent_rd: tuple[float, float, float, float] = Field(description="The same in metres of RD New.")
    attribution: str
    sensor_count: int | None = Field(
        None, description="Sensors that the public finds there today; of a municipality in force."
    )
    links: list[LinkDocument]


class MunicipalitiesDocument(_Document):
    """Every municipality there is or was, in order of code, and the editions, newest first."""

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
    """The municipality without its place."""
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
    """The municipality with its place and its links."""
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
