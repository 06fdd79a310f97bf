"""Every field of a sensor, described once: names, labels, kinds, limits.

From this description come the check of a request, the columns of a version, the published properties, the
API document, the query parameters and the page of a sensor. Source: domain description, section 3.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.i18n import LocalizedText


class FieldKind(StrEnum):
    """Kind of the value of a field; `app/sensors/registration/field_parsers.py` has a parser for each."""

    TEXT = "text"
    URL = "url"
    TERM = "term"
    TERMS = "terms"
    DATE = "date"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DURATION = "duration"
    ORGANISATION = "organisation"
    POINT = "point"
    AREA = "area"


class Group(StrEnum):
    """The residents' questions, in the order in which a page answers them."""

    WHAT = "what"
    WHO = "who"
    WHERE = "where"
    WHY = "why"
    DATA = "data"
    PERIOD = "period"


class Needed(StrEnum):
    ALWAYS = "always"
    PERSONAL = "personal"
    """Mandatory when personal data are processed."""
    NO = "no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the owner gives it.

    `most` is a length for texts, a count for lists; `least`/`below` bound a number (`below` exclusive unless
    `below_included`). `precise` fields would reveal the exact place of a generalised sensor.
    """

    name: str
    label: LocalizedText
    kind: FieldKind
    group: Group
    needed: Needed = Needed.NO
    vocabulary: str | None = None
    most: int = 255
    least: float | None = None
    least_included: bool = True
    below: float | None = None
    below_included: bool = False
    pattern: str | None = None
    unit: str | None = None
    precise: bool = False
    queryable: bool = False

    @property
    def column(self) -> str:
        """The name of the field's column: `viewAngleDeg` is stored in `view_angle_deg`."""
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.name).lower()
        return f"{name}_id" if self.kind is FieldKind.ORGANISATION else name

    def admits(self, number: float) -> bool:
        """Whether a number lies within the bounds."""
        above = self.least is None or number > self.least or (self.least_included and number == self.least)
        return above and (
            self.below is None or number < self.below or (self.below_included and number == self.below)
        )

    @property
    def bounds(self) -> LocalizedText:
        """The bounds of a number as text, in letters that every encoding of a file has."""
        low = (
            LocalizedText("minstens", "at least")
            if self.least_included
            else LocalizedText("meer dan", "more than")
        )
        high = (
            LocalizedText("hoogstens", "at most")
            if self.below_included
            else LocalizedText("minder dan", "less than")
        )
        return LocalizedText(
            f"{low.nl} {self.least:g} en {high.nl} {self.below:g}",
            f"{low.en} {self.least:g} and {high.en} {self.below:g}",
        )

    @property
    def is_free_text(self) -> bool:
        """Whether the owner writes this text freely; it is public as every field is."""
        return self.kind is FieldKind.TEXT and self.pattern is None

    @property
    def is_geometry(self) -> bool:
        return self.kind in (FieldKind.POINT, FieldKind.AREA)


def _text(name: str, nl: str, en: str, group: Group, most: int = 255, **more: object) -> Field:
    return Field(name, LocalizedText(nl, en), FieldKind.TEXT, group, most=most, **more)  # type: ignore[arg-type]


def _url(name: str, nl: str, en: str, group: Group, **more: object) -> Field:
    return Field(name, LocalizedText(nl, en), FieldKind.URL, group, most=2000, **more)  # type: ignore[arg-type]


def _term(name: str, nl: str, en: str, group: Group, **more: object) -> Field:
    return Field(name, LocalizedText(nl, en), FieldKind.TERM, group, vocabulary=name, queryable=True, **more)  # type: ignore[arg-type]


def _terms(name: str, nl: str, en: str, group: Group, **more: object) -> Field:
    return Field(name, LocalizedText(nl, en), FieldKind.TERMS, group, vocabulary=name, queryable=True, **more)  # type: ignore[arg-type]


FIELDS: tuple[Field, ...] = (
    _text(
        "reference",
        "Referentie",
        "Reference",
        Group.WHAT,
        64,
        needed=Needed.ALWAYS,
        precise=True,
        queryable=True,
    ),
    _text("name", "Naam", "Name", Group.WHAT, 100, queryable=True),
    _text("summary", "Korte omschrijving", "Summary", Group.WHAT, 350),
    _term("sensorType", "Soort sensor", "Type of sensor", Group.WHAT, needed=Needed.ALWAYS),
    _text("sensorTypeOther", "Soort sensor, namelijk", "Type of sensor, namely", Group.WHAT, 100),
    _term("sensorSubtype", "Nadere aanduiding", "Subtype", Group.WHAT),
    _text(
        "measures", "Wat meet de sensor?", "What does the sensor measure?", Group.WHAT, needed=Needed.ALWAYS
    ),
    _text("manufacturer", "Fabrikant", "Manufacturer", Group.WHAT, 100),
    _text("model", "Model", "Model", Group.WHAT, 100),
    _text("supplier", "Leverancier", "Supplier", Group.WHAT, 100),
    _url("specificationUrl", "Specificatie", "Specification", Group.WHAT),
    _term("connectivity", "Verbinding", "Connectivity", Group.WHAT),
    # Group WHO
    Field(
        "owner",
        LocalizedText("Eigenaar", "Owner"),
        FieldKind.ORGANISATION,
        Group.WHO,
        Needed.ALWAYS,
        queryable=True,
    ),
    Field(
        "operator", LocalizedText("Beheerder", "Operator"), FieldKind.ORGANISATION, Group.WHO, queryable=True
    ),
    # Mandatory by law when personal data are processed; never missing, since it is the owner unless named.
    Field(
        "controller",
        LocalizedText("Verwerkingsverantwoordelijke", "Data controller"),
        FieldKind.ORGANISATION,
        Group.WHO,
    ),
    # Where?
    _term("mobility", "Vast of mobiel", "Fixed or mobile", Group.WHERE, needed=Needed.ALWAYS),
    Field("location", LocalizedText("Locatie", "Location"), FieldKind.POINT, Group.WHERE),
    Field("operatingArea", LocalizedText("Werkgebied", "Operating area"), FieldKind.AREA, Group.WHERE),
    _term("locationAccuracy", "Nauwkeurigheid", "Location accuracy", Group.WHERE),
    Field(
        "locationAccuracyM",
        LocalizedText("Nauwkeurigheid in meters", "Location accuracy in metres"),
        FieldKind.NUMBER,
        Group.WHERE,
        least=0,
        below=100_000,
        unit="m",
    ),
    _text(
        "locationDescription",
        "Omschrijving van de locatie",
        "Location description",
        Group.WHERE,
        precise=True,
    ),
    _text(
        "postcode",
        "Postcode",
        "Postcode",
        Group.WHERE,
        7,
        pattern=r"[1-9][0-9]{3} ?[A-Za-z]{2}",
        precise=True,
    ),
    _text("houseNumber", "Huisnummer", "House number", Group.WHERE, 20, precise=True),
    Field(
        "heightM",
        LocalizedText("Hoogte", "Height"),
        FieldKind.NUMBER,
        Group.WHERE,
        least=-500,
        below=1000,
        unit="m",
        queryable=True,
    ),
    _term("heightReference", "Hoogte ten opzichte van", "Height relative to", Group.WHERE),
    Field(
        "viewDirectionDeg",
        LocalizedText("Kijkrichting", "View direction"),
        FieldKind.NUMBER,
        Group.WHERE,
        least=0,
        below=360,
        unit="deg",
        precise=True,
    ),
    Field(
        "viewAngleDeg",
        LocalizedText("Kijkhoek", "View angle"),
        FieldKind.NUMBER,
        Group.WHERE,
        least=0,
        least_included=False,
        below=360,
        below_included=True,
        unit="deg",
        precise=True,
    ),
    Field(
        "viewRangeM",
        LocalizedText("Bereik", "View range"),
        FieldKind.NUMBER,
        Group.WHERE,
        least=0,
        least_included=False,
        below=50_000,
        below_included=True,
        unit="m",
        precise=True,
    ),
    Field(
        "observedArea",
        LocalizedText("Waargenomen gebied", "Observed area"),
        FieldKind.AREA,
        Group.WHERE,
        precise=True,
    ),
    _term("mounting", "Bevestigd aan", "Mounting", Group.WHERE),
    _text(
        "bgtId",
        "BGT-object",
        "BGT object",
        Group.WHERE,
        60,
        pattern=r"[A-Z][0-9]{4}\.([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})",
        precise=True,
        queryable=True,
    ),
    # Why?
    _text("purpose", "Waarvoor meet u dat?", "What is the purpose?", Group.WHY, 500, needed=Needed.ALWAYS),
    _terms("themes", "Thema", "Themes", Group.WHY, most=8, needed=Needed.ALWAYS),
    _text("project", "Project", "Project", Group.WHY, 200, queryable=True),
    # Which data, on what legal basis?
    _term(
        "personalData",
        "Worden er persoonsgegevens verwerkt?",
        "Are personal data processed?",
        Group.DATA,
        needed=Needed.ALWAYS,
    ),
    _terms(
        "gdprBases",
        "Grondslag AVG art. 6 lid 1",
        "Legal basis GDPR art. 6(1)",
        Group.DATA,
        most=6,
        needed=Needed.PERSONAL,
    ),
    _text("legalBasisText", "Wettelijke basis", "Basis in law", Group.DATA, 500),
    _url("legalBasisUrl", "Link naar de wet", "Link to the law", Group.DATA),
    _text(
        "legitimateInterest",
        "Toelichting gerechtvaardigd belang",
        "Legitimate interest explained",
        Group.DATA,
        1000,
    ),
    _url("privacyStatementUrl", "Privacyverklaring", "Privacy statement", Group.DATA, needed=Needed.PERSONAL),
    _url("processingRegisterUrl", "Verwerkingsregister", "Record of processing", Group.DATA),
    _term("dpiaStatus", "DPIA", "DPIA", Group.DATA, needed=Needed.PERSONAL),
    _text("dpiaReference", "Kenmerk DPIA", "DPIA reference", Group.DATA, 100),
    _url("dpiaUrl", "Link naar de DPIA", "Link to the DPIA", Group.DATA),
    Field("dpiaDate", LocalizedText("Datum DPIA", "DPIA date"), FieldKind.DATE, Group.DATA),
    _term("retentionKind", "Bewaartermijn gegevens", "Data retention", Group.DATA, needed=Needed.PERSONAL),
    Field(
        "retentionPeriod",
        LocalizedText("Bewaarduur", "Retention period"),
        FieldKind.DURATION,
        Group.DATA,
        most=30,
    ),
    _text("recipients", "Wie kan erbij?", "Who has access?", Group.DATA, 500),
    _text("storage", "Opslag", "Storage", Group.DATA, 500),
    _text("thirdCountry", "Buiten de EER", "Outside the EEA", Group.DATA, 255),
    _terms("dataTypes", "Soort gegevens", "Types of data", Group.DATA, most=7),
    _terms("processing", "Verwerking", "Processing", Group.DATA, most=8),
    Field("openData", LocalizedText("Open data", "Open data"), FieldKind.BOOLEAN, Group.DATA, queryable=True),
    _url("dataUrl", "Link naar de gegevens", "Link to the data", Group.DATA),
    _url("moreInfoUrl", "Meer informatie", "More information", Group.DATA),
    _url("algorithmRegisterUrl", "Algoritmeregister", "Algorithm register", Group.DATA),
    # The decision behind a sensor: a mayor's designation of a camera area, a permit.
    _text("authorisationDecidedBy", "Besluit van", "Decided by", Group.DATA, 200),
    Field(
        "authorisationDecidedOn",
        LocalizedText("Datum van het besluit", "Date of the decision"),
        FieldKind.DATE,
        Group.DATA,
    ),
    Field(
        "authorisationValidUntil",
        LocalizedText("Besluit geldt tot en met", "Decision in force until"),
        FieldKind.DATE,
        Group.DATA,
    ),
    _text("authorisationReference", "Kenmerk van het besluit", "Reference of the decision", Group.DATA, 100),
    _url("authorisationUrl", "Link naar het besluit", "Link to the decision", Group.DATA),
    _term("aiUse", "Gebruik van AI", "Use of AI", Group.DATA),
    Field(
        "aiNotice",
        LocalizedText("Wijst u mensen op de AI?", "Are people told about the AI?"),
        FieldKind.BOOLEAN,
        Group.DATA,
    ),
    _url("aiRegistryUrl", "Registratie van de AI", "Registration of the AI", Group.DATA),
    # For how long?
    Field(
        "placedFrom",
        LocalizedText("Geplaatst vanaf", "Placed from"),
        FieldKind.DATE,
        Group.PERIOD,
        Needed.ALWAYS,
    ),
    Field(
        "activeUntil",
        LocalizedText("Wordt verwijderd op", "To be removed on"),
        FieldKind.DATE,
        Group.PERIOD,
        Needed.ALWAYS,
    ),
    Field("removedOn", LocalizedText("Verwijderd op", "Removed on"), FieldKind.DATE, Group.PERIOD),
    Field(
        "securitySupportUntil",
        LocalizedText("Beveiligingsupdates tot en met", "Security updates until"),
        FieldKind.DATE,
        Group.PERIOD,
    ),
    _term("visibility", "Zichtbaarheid", "Visibility", Group.PERIOD),
    _text(
        "visibilityReason",
        "Reden van beperkte zichtbaarheid",
        "Reason for limited visibility",
        Group.PERIOD,
        255,
    ),
)

FIELD_BY_NAME = {field.name: field for field in FIELDS}

FIELD_LABELS = {field.name: field.label for field in FIELDS}
"""Labels of the fields by wire name."""

PERSONAL_DATA = frozenset({"indirect", "yes", "special_category"})
"""The answers to `personalData` under which the GDPR asks for a ground, a statement and a retention."""

DERIVED_LABELS: dict[str, LocalizedText] = {
    "publicCode": LocalizedText("Registratienummer", "Registration number"),
    "version": LocalizedText("Versie", "Version"),
    "smartCityTheme": LocalizedText("Smart City-thema", "Smart city theme"),
    "operatingMunicipalities": LocalizedText("Werkgebied: gemeenten", "Operating area: municipalities"),
    "onBehalfOf": LocalizedText("Ingevoerd namens", "Entered on behalf of"),
    "onBehalfOfName": LocalizedText("Ingevoerd namens (naam)", "Entered on behalf of (name)"),
    "municipalityCode": LocalizedText("Gemeente", "Municipality"),
    "municipalityName": LocalizedText("Gemeente (naam)", "Municipality (name)"),
    "municipalityCodes": LocalizedText("Gemeenten", "Municipalities"),
    "notifiedLate": LocalizedText("Te laat gemeld", "Notified late"),
    "lastConfirmedOn": LocalizedText("Laatst bevestigd op", "Last confirmed on"),
    "confirmBy": LocalizedText("Bevestigen vóór", "Confirm by"),
    "registrationStatus": LocalizedText("Status melding", "Registration status"),
    "operationalStatus": LocalizedText("Gebruik", "Operational status"),
    "registeredAt": LocalizedText("Geregistreerd op", "Registered at"),
    "updatedAt": LocalizedText("Bijgewerkt op", "Updated at"),
}
"""Labels of the properties that the register adds to each published sensor, in the order of publication."""
