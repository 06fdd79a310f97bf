"""The label that hangs beside a sensor: its kind, owner, number, and the address of its page as text and QR code."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import segno

from app.core.i18n import LocalizedText
from app.core.templates import localise_path
from app.organisations.public_contact import Contact
from app.sensors.presentation import Labels
from app.website.list_row import make_list_row
from app.website.sensor.card import name_owner

HEADING: Final = LocalizedText("Hier is een sensor", "There is a sensor here")
TITLE: Final = LocalizedText("Sticker van sensor {code}", "Label of sensor {code}")
OWNER: Final = LocalizedText("Van: {name}", "Owner: {name}")
QR_DESCRIPTION: Final = LocalizedText("QR-code met het adres {address}", "QR code of the address {address}")


@dataclass(frozen=True, slots=True)
class Label:
    """The texts of a label, and its QR code as SVG."""

    title: str
    heading: str
    kind: str
    owner: str
    code: str
    address: str
    qr: str
    qr_description: str
    language: str


def has_label(sensor: Mapping[str, Any]) -> bool:
    """Whether there is something to label: a sensor that was not removed."""
    return bool(sensor["operationalStatus"] != "removed")


def make_label(sensor: Mapping[str, Any], owner: Contact | None, public_url: str, labels: Labels) -> Label:
    """The label of a sensor from its published properties; `public_url` is the address of the register."""
    row = make_list_row(sensor, labels)
    url = public_url + localise_path(f"/s/{row.code}", labels.language)
    address = url.split("://", 1)[-1]
    return Label(
        title=labels.render(TITLE).format(code=row.code),
        heading=labels.render(HEADING),
        kind=row.type_label,
        owner=labels.render(OWNER).format(name=name_owner(owner, labels)),
        code=row.code,
        address=address,
        qr=draw_qr_code(url),
        qr_description=labels.render(QR_DESCRIPTION).format(address=address),
        language=labels.language,
    )


def draw_qr_code(text: str) -> str:
    """A QR code as SVG, dark on white with the quiet zone that readers need; a tenth of it may be damaged."""
    output = BytesIO()
    segno.make(text, error="m", micro=False).save(
        output, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True, nl=False
    )
    return output.getvalue().decode("ascii")
