"""The list of organisations in an answer."""

from uuid import UUID

from pydantic import Field

from app.organisations.record import Document


class OrganisationSummary(Document):
    """An organisation in the list."""

    id: UUID
    name: str | None = Field(None, description="Absent for a private person or sole trader.")
    organisation_type: str = Field(description="A code of the vocabulary organisationType.")
    municipality_code: str | None = None


class Link(Document):
    """A link to another page."""

    rel: str
    href: str
    type: str


class OrganisationsPage(Document):
    """Organisations in the order of their registration. A link `next` leads to the following page, if there is one."""

    organisations: list[OrganisationSummary]
    links: list[Link]
