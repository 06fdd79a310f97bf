"""An organisation as registered, and its public face, with the names on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.i18n import Language


class Document(BaseModel):
    """A model with camelCase names on the wire; unknown fields are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, from_attributes=True
    )


class _Face(Document):
    """The fields that are public for every organisation."""

    tooi_code: str | None = Field(
        None, description="Code in TOOI, the government's list: gm0363, pv27, ws0155."
    )
    municipality_code: str | None = Field(None, description="The code of a municipality, such as GM0363.")
    oin: str | None = Field(None, description="Organisation identification number of 20 digits.")
    website: str | None = Field(None, description="Web address, http or https.")
    public_email: str | None = Field(None, description="A functional mailbox, such as info@ or privacy@.")
    public_phone: str | None = Field(None, description="A telephone number for everybody.")
    contact_url: str | None = Field(None, description="Web address of a contact form or page.")
    dpo_contact: str | None = Field(None, description="How to reach the data protection officer.")


class Organisation(_Face):
    """Everything that is registered of an organisation, private fields included."""

    name: str | None = Field(None, description="Never public for a private person or sole trader.")
    organisation_type: str | None = Field(None, description="A code of the vocabulary organisationType.")
    kvk_number: str | None = Field(
        None,
        description="Chamber of Commerce number, 8 digits; never public for a private person or sole trader.",
    )
    sole_trader: bool = Field(default=False, description="Whether the company is one person.")
    email_confirmed_functional: bool = Field(
        default=False,
        description="Confirms that an address that looks like a person's is a functional mailbox.",
    )
    language: Language = Field("nl", description="Private: the language of mail to its people, nl or en.")
    contact_person: str | None = Field(None, description="Private: the person whom the register can contact.")
    personal_email: str | None = Field(None, description="Private.")
    phone: str | None = Field(None, description="Private.")
    notifier: str | None = Field(None, description="Private: who notified the organisation.")
    address: str | None = Field(None, description="Private.")

    @property
    def is_nameless(self) -> bool:
        """Whether name, KVK number and address are left out of the public face."""
        return self.sole_trader or self.organisation_type == "private_person"


class OrganisationFace(_Face):
    """The public fields of an organisation; fields without a value are absent."""

    id: UUID
    name: str | None = Field(None, description="Absent for a private person or sole trader.")
    organisation_type: str = Field(description="A code of the vocabulary organisationType.")
    kvk_number: str | None = Field(None, description="Chamber of Commerce number, 8 digits.")
