"""The subjects of figures: the country, a municipality, a province, an organisation or a kind of sensor."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from app.core.i18n import Language, LocalizedText
from app.municipalities.codes import fold_name
from app.municipalities.directory import Directory, NamedMunicipality
from app.municipalities.provinces import Province
from app.places.page_paths import NamedSubject, make_slug, write_subject_path
from app.sensors.search.dimensions import Dimension
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY
from app.sensors.search.parameters import format_search
from app.sensors.search.sensor_search import MunicipalityScope, ProvinceScope, SensorSearch
from app.vocabularies.terms import Term, Vocabularies
from app.website.figures.moment import PageMoment

Subject = Literal["country"] | NamedSubject

MIN_WORD_LENGTH: Final = 3

COUNTRY_NAME: Final = LocalizedText("Nederland", "the Netherlands")


@dataclass(frozen=True, slots=True)
class Area:
    """A subject of figures: its name, its page, and the search of its sensors.

    `own` are the dimensions in which all its sensors are alike, so that a chart of them shows nothing. `as_of` is the
    moment of the figures as its text in addresses, None for now.
    """

    subject: Subject
    name: LocalizedText
    path: str
    search: SensorSearch
    own: frozenset[Dimension] = frozenset()
    code: str | None = None
    as_of: str | None = None

    @property
    def criteria(self) -> str:
        """The search as parameters of the API and of the list of sensors; empty for the country of now."""
        criteria = format_search(replace(self.search, as_of=None))
        return "&".join(part for part in (criteria, self._moment) if part)

    @property
    def _moment(self) -> str:
        return urlencode({"asOf": self.as_of}, safe=":") if self.as_of else ""

    @property
    def moment_prefix(self) -> str:
        """The moment as the beginning of a query with more parameters; empty for now."""
        return f"{self._moment}&" if self.as_of else ""

    def at(self, moment: PageMoment) -> "Area":
        """The same area at a moment."""
        search = replace(self.search, today=moment.today, as_of=moment.as_of)
        return replace(self, search=search, as_of=moment.text)

    def follow(self, path: str) -> str:
        """The Dutch path of another page of figures, at the same moment."""
        return _write_path(path, self._moment)

    def write_statistics_path(self, language: Language, by: str, *, in_any_status: bool = False) -> str:
        """The path of the statistics of its sensors by a dimension, as CSV in a language."""
        statuses = f"{STATUS_PROPERTY}={','.join(OPERATIONAL_STATUSES)}" if in_any_status else None
        return _write_path("/v1/statistics", self.criteria, statuses, f"by={by}", *_write_csv(language))

    @property
    def api_path(self) -> str:
        """The path of the number of its sensors in the API."""
        return _write_path("/v1/statistics", self.criteria)

    def write_completeness_path(self, language: Language) -> str:
        """The path of the completeness of fields of its sensors, as CSV in a language."""
        return _write_path("/v1/statistics/completeness", self.criteria, *_write_csv(language))

    def write_page_path(self, path: str, **chosen: str) -> str:
        """The Dutch path of the list or map of its sensors; of those with these values by parameter of items."""
        return _write_path(path, self.criteria, urlencode(chosen, safe=","))


def _write_csv(language: Language) -> tuple[str, str | None]:
    return "f=csv", None if language == "nl" else f"lang={language}"


def _write_path(path: str, *parameters: str | None) -> str:
    query = "&".join(one for one in parameters if one)
    return f"{path}?{query}" if query else path


def describe_country(today: date) -> Area:
    return Area("country", COUNTRY_NAME, "/cijfers", SensorSearch(today))


def describe_municipality(municipality: NamedMunicipality, today: date) -> Area:
    """The area of a municipality in force."""
    name = LocalizedText(municipality.name, municipality.name)
    search = SensorSearch(today, municipality=MunicipalityScope(municipality.code))
    own = frozenset((Dimension.MUNICIPALITY, Dimension.PROVINCE))
    return Area(
        "municipality",
        name,
        write_subject_path("municipality", name=municipality.name),
        search,
        own,
        municipality.code,
    )


def describe_province(province: Province, directory: Directory, today: date) -> Area:
    name = LocalizedText(province.name, province.name)
    scope = ProvinceScope(province.code, directory.list_codes_in(province))
    return Area(
        "province",
        name,
        write_subject_path("province", name=province.name),
        SensorSearch(today, province=scope),
        frozenset((Dimension.PROVINCE,)),
        province.code,
    )


def describe_organisation(identifier: str, name: str, path: str, today: date) -> Area:
    return Area(
        "organisation",
        LocalizedText(name, name),
        path,
        SensorSearch(today, values={"owner": (UUID(identifier),)}),
        frozenset((Dimension.OWNER, Dimension.OWNER_TYPE)),
        identifier,
    )


def describe_kind(term: Term, today: date) -> Area:
    return Area(
        "kind",
        term.label,
        write_subject_path("kind", name=term.label.nl),
        SensorSearch(today, values={"sensorType": (term.code,)}),
        frozenset((Dimension.SENSOR_TYPE,)),
        term.code,
    )


def find_kind(asked: str, vocabularies: Vocabularies) -> Term | None:
    """The kind of sensor with this code or label, in either language; of a subtype, the kind that it belongs to."""
    kinds = vocabularies.by_name["sensorType"].terms
    if (kind := _find_term(asked, kinds)) is not None:
        return kind
    subtype = find_subtype(asked, vocabularies)
    return kinds.get(subtype.parent) if subtype and subtype.parent else None


def find_subtype(asked: str, vocabularies: Vocabularies) -> Term | None:
    """The subtype with this code or label, unless a kind has the name too."""
    kinds, subtypes = (vocabularies.by_name[name].terms for name in ("sensorType", "sensorSubtype"))
    return None if _find_term(asked, kinds) else _find_term(asked, subtypes)


def list_kinds_like(asked: str, vocabularies: Vocabularies) -> list[Term]:
    """The kinds of sensor with this word in their label, or in that of one of their subtypes; may be empty."""
    kinds, subtypes = (vocabularies.by_name[name].terms for name in ("sensorType", "sensorSubtype"))
    word = fold_name(asked)
    labelled = [(code, term) for code, term in kinds.items()]
    labelled += [(term.parent, term) for term in subtypes.values() if term.parent]
    found = [
        code
        for code, term in labelled
        if len(word) >= MIN_WORD_LENGTH
        and any(word in fold_name(label) for label in (term.label.nl, term.label.en))
    ]
    return [kinds[code] for code in dict.fromkeys(found) if code in kinds]


def _find_term(asked: str, terms: Mapping[str, Term]) -> Term | None:
    folded = fold_name(asked)
    spellings = ((term, (term.code, term.label.nl, term.label.en)) for term in terms.values())
    return next((term for term, texts in spellings if folded in map(fold_name, texts)), None)


def choose_names(asked: str, names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of an identifier and a name that the address means: one by its identifier, or those with the name."""
    pairs = list(names)
    by_identifier = [pair for pair in pairs if pair[0] == asked.casefold()]
    return by_identifier or [pair for pair in pairs if make_slug(pair[1]) == make_slug(asked)]


def is_identifier(asked: str) -> bool:
    """Whether the text has the form of an id of an organisation."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", asked.casefold()) is not None
