"""Problems of a request, and the closed list of their codes.

Source: NL REST API Design Rules 2.2.1 (`errors` with in, location, code and detail).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, Self

from app.core.i18n import Language, LocalizedText


class ProblemCode(StrEnum):
    """Codes of problems, for programs; `description` explains a code in the API document."""

    description: str

    def __new__(cls, code: str, description: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    REQUIRED = "required", "A field or parameter that is needed is empty or missing."
    UNKNOWN_FIELD = "unknown_field", "There is no field of this name."
    UNKNOWN_PARAMETER = "unknown_parameter", "There is no query parameter of this name."
    UNKNOWN_PROPERTY = (
        "unknown_property",
        "The collection has no such property, or it cannot be used for sorting.",
    )
    UNKNOWN_VALUE = "unknown_value", "The value is not in the list of allowed values."
    UNKNOWN_FORMAT = "unknown_format", "The format is not offered."
    UNKNOWN_LANGUAGE = "unknown_language", "The language, or the language of a filter, is not known."
    UNKNOWN_CRS = "unknown_crs", "The coordinate reference system is not supported."
    UNKNOWN_FUNCTION = "unknown_function", "CQL2 has no such function, or the register does not offer it."
    UNKNOWN_MUNICIPALITY = "unknown_municipality", "There is no municipality of this code or name."
    UNKNOWN_ORGANISATION = "unknown_organisation", "There is no organisation of this id, name or number."
    ORGANISATION_ENDED = "organisation_ended", "The organisation has ended, and gets no more sensors."
    UNKNOWN_ADDRESS = "unknown_address", "The geocoder does not know the address."
    REPEATED_FIELD = "repeated_field", "The JSON document has the same key twice."
    REPEATED_PARAMETER = "repeated_parameter", "The query has the same parameter twice."
    REPEATED_REFERENCE = "repeated_reference", "The file has the same reference twice."
    READ_ONLY = "read_only", "The field is set by the register and cannot be given."
    WRONG_TYPE = "wrong_type", "The value has another JSON type than its field."
    WRONG_PATTERN = "wrong_pattern", "The value does not have the form that its field needs."
    TOO_SHORT = "too_short", "The text is shorter than needed."
    TOO_LONG = "too_long", "The value is longer than allowed."
    TOO_MANY = "too_many", "The list has more values than allowed."
    TOO_MANY_PARAMETERS = "too_many_parameters", "The query has more parameters than allowed."
    TOO_MANY_POSITIONS = "too_many_positions", "The geometry has more positions than allowed."
    TOO_MANY_ROWS = "too_many_rows", "The answer has more rows than the format can hold."
    OUT_OF_RANGE = "out_of_range", "The number is too small or too large."
    CONTROL_CHARACTERS = "control_characters", "The text holds control characters."
    INVALID_TEXT = "invalid_text", "The text cannot be used: it is empty, is not UTF-8, or has no words."
    INVALID_NUMBER = "invalid_number", "The value is not a number."
    INVALID_BOOLEAN = "invalid_boolean", "The value is neither true nor false."
    INVALID_DATE = "invalid_date", "The value is neither a date nor a date and time."
    INVALID_DURATION = "invalid_duration", "The value is not an ISO 8601 duration."
    INVALID_UUID = "invalid_uuid", "The value is not a UUID."
    INVALID_URL = "invalid_url", "The value is not an address that begins with http:// or https://."
    INVALID_EMAIL = "invalid_email", "The value is not an e-mail address."
    INVALID_JSON = "invalid_json", "The text is not valid JSON."
    INVALID_CODE = "invalid_code", "The code has characters that a code cannot have."
    INVALID_CURSOR = "invalid_cursor", "The cursor does not belong to this query."
    INVALID_ETAG = "invalid_etag", "The entity tag cannot be read."
    INVALID_HOST = "invalid_host", "The request has no header Host, or more than one."
    INVALID_IDEMPOTENCY_KEY = "invalid_idempotency_key", "The Idempotency-Key cannot be used."
    INVALID_DEFAULT = "invalid_default", "The default cannot be given for this field."
    INVALID_SORT_KEY = "invalid_sort_key", "The sort order cannot be read."
    INVALID_POSITION = "invalid_position", "The coordinates cannot be read."
    INVALID_LOCATION = "invalid_location", "The location cannot be read."
    INVALID_AREA = "invalid_area", "The area cannot be read, or crosses itself."
    INVALID_ADDRESS = "invalid_address", "The address cannot be read."
    MALFORMED_CSV = "malformed_csv", "The quotation marks or the cells of a row of CSV are not valid."
    INVALID_FEATURE = "invalid_feature", "The feature cannot be read."
    INVALID_PATH = "invalid_path", "The path into the source's JSON cannot be read."
    INVALID_TEMPLATE = "invalid_template", "The template of a mapping cannot be read."
    INVALID_KEY_VARIABLE = (
        "invalid_key_variable",
        "The name of the environment variable with the key cannot be used.",
    )
    EXACTLY_ONE_OF = "exactly_one_of", "Exactly one of several keys must be given."
    UNUSED_MAP = "unused_map", "The mapping translates values of a field that it does not fill."
    INCOMPLETE_POSITION = "incomplete_position", "One of the two coordinates is missing."
    INCOMPLETE_ADDRESS = "incomplete_address", "Of a postcode and house number only one changes."
    POSITIONS_DIFFER = "positions_differ", "Two positions of one row are not the same place."
    SWAPPED_AXES = "swapped_axes", "Longitude and latitude, or the corners of a box, are in the wrong order."
    WRONG_CRS = "wrong_crs", "The coordinates belong to another reference system."
    OUTSIDE_CRS = "outside_crs", "The coordinates lie outside the area of the reference system."
    OUTSIDE_NETHERLANDS = "outside_netherlands", "The position cannot be in the Netherlands."
    OUTSIDE_MUNICIPALITIES = "outside_municipalities", "The location lies in no municipality."
    NEAR_MUNICIPALITY = "near_municipality", "The location lies just outside a municipality, which is taken."
    GEOMETRY_TYPE = "geometry_type", "The geometry has another type than its field needs."
    OPEN_RING = "open_ring", "A ring of a polygon is not closed."
    SHORT_RING = "short_ring", "A ring of a polygon has too few positions."
    CRS_MEMBER = "crs_member", "GeoJSON with a `crs` member is not read."
    UNUSABLE_GEOMETRY = "unusable_geometry", "The geometry cannot be repaired."
    MISSING_NAME = "missing_name", "A boundary has no name."
    UNKNOWN_HEADINGS = (
        "unknown_headings",
        "The headings of the file are not those of sensors, and not mapped.",
    )
    EMPTY_FILE = "empty_file", "The file is empty."
    FILE_TOO_SLOW = "file_too_slow", "The file takes more time to read than fits its size."
    FILE_NEEDS_MEMORY = "file_needs_memory", "The file takes more memory to read than there is for one file."
    UNREADABLE_FILE = "unreadable_file", "The file is damaged, or built in a way that is not read."
    DIGITS_LOST = "digits_lost", "The number has more digits than a spreadsheet stores."
    TIME_OF_DAY = "time_of_day", "The cell is a time of day: a spreadsheet may have changed it."
    DATE_IN_TEXT = (
        "date_in_text",
        "The cell is a date, and its column holds text: a spreadsheet may have changed it.",
    )
    FORMULA_ERROR = "formula_error", "The cell holds an error value of Excel."
    FORMULA_NOT_COMPUTED = "formula_not_computed", "The cell holds a formula that was never computed."
    TOO_MANY_WAITING = "too_many_waiting", "Too many files of the same owner are waiting."
    LIST_TRUNCATED = "list_truncated", "The list of problems ends here."
    GEOCODER_UNREACHABLE = "geocoder_unreachable", "The geocoder does not answer."
    FILTER_SYNTAX = "filter_syntax", "The filter is not CQL2."
    FILTER_STRUCTURE = "filter_structure", "A part of the filter is not where CQL2 allows it."
    FILTER_TYPE = "filter_type", "The parts of a comparison have types that cannot be compared."
    FILTER_NULL = "filter_null", "The filter uses null where a value is needed."
    FILTER_INTERVAL = "filter_interval", "The interval of the filter cannot be read."
    FILTER_PATTERN = "filter_pattern", "The pattern of the filter cannot be read."
    FILTER_GEOMETRY = "filter_geometry", "The geometry of the filter cannot be read."
    FILTER_TOO_LONG = "filter_too_long", "The filter is longer than allowed."
    FILTER_TOO_DEEP = "filter_too_deep", "The filter is nested more deeply than allowed."
    FILTER_TOO_COSTLY = "filter_too_costly", "The filter would take too much computing for each sensor."
    FILTER_REPEATED_NAME = "filter_repeated_name", "The filter has the same JSON key twice."
    RADIUS_WITHOUT_NEAR = "radius_without_near", "A radius needs a position."
    IN_FUTURE = "in_future", "The date and time have not come yet."
    END_BEFORE_START = "end_before_start", "The period ends before it starts."
    END_TOO_FAR = "end_too_far", "The end lies too far ahead."
    IMPLAUSIBLE_DATE = "implausible_date", "The date is a placeholder or cannot be right."
    REMOVED_BEFORE_PLACED = "removed_before_placed", "The sensor is removed before it is placed."
    REMOVED_IN_FUTURE = "removed_in_future", "The removal lies in the future."
    FIELD_OF_VIEW_UNKNOWN = "field_of_view_unknown", "The field of view of a camera is not given."
    LOCATION_OF_MOBILE = "location_of_mobile", "A mobile sensor has an area instead of a location."
    OPERATING_AREA_OF_FIXED = "operating_area_of_fixed", "A fixed sensor has no operating area."
    OBSERVED_AREA_OUT_OF_REACH = (
        "observed_area_out_of_reach",
        "The whole observed area lies farther from the sensor than it can observe.",
    )
    BASIS_WITHOUT_PERSONAL_DATA = (
        "basis_without_personal_data",
        "There is a legal basis for personal data, and the answer is that none are processed.",
    )
    PERSONAL_DATA_CONTRADICTED = (
        "personal_data_contradicted",
        "The answer is that no personal data are processed, and another field says that they are.",
    )
    AI_ACT = "ai_act", "The AI Act forbids or regulates this use of AI."
    LEGITIMATE_INTEREST_OF_PUBLIC_BODY = (
        "legitimate_interest_of_public_body",
        "A public authority cannot use legitimate interest for its tasks.",
    )
    SUBTYPE_OF_OTHER_TYPE = "subtype_of_other_type", "The subtype belongs to another sensor type."
    NEAR_DUPLICATE = "near_duplicate", "A similar sensor of the same owner stands near."
    IDENTITY_DIFFERS = (
        "identity_differs",
        "The registration number is that of another sensor than the rest of the row.",
    )
    OTHER_OWNER = "other_owner", "The row belongs to another owner."
    NOT_PERMITTED = "not_permitted", "The caller may not change this sensor."
    CHANGED_MEANWHILE = "changed_meanwhile", "The sensor was changed after the file was checked."
    TAKEN = "taken", "The name or number is in use."
    AMBIGUOUS_ORGANISATION = "ambiguous_organisation", "Several organisations have this name."
    PERSONAL_EMAIL = "personal_email", "The mailbox belongs to a person."
    PERSONAL_PHONE = "personal_phone", "The text has a person's name with a telephone number."
    REVEALS_NAME = "reveals_name", "The field would reveal the name of a private person."
    SOLE_TRADER_NO_COMPANY = "sole_trader_no_company", "Only a company can be a sole trader."
    CODE_OF_OTHER_TYPE = "code_of_other_type", "The code belongs to another type of organisation."
    CODES_DIFFER = "codes_differ", "Two codes name different organisations."
    TOO_FEW = "too_few", "The list or text has fewer elements than needed."
    WRONG_STEP = "wrong_step", "The number is not a multiple of the step."
    MISSING_OFFSET = "missing_offset", "The time has no offset from UTC."
    NUMBER_COUNT = "number_count", "A box has another number of coordinates than four or six."
    AMBIGUOUS_MUNICIPALITY = "ambiguous_municipality", "Several municipalities have this name."
    AMBIGUOUS_ADDRESS = "ambiguous_address", "Several addresses have this house number."
    INVALID_VALUE = "invalid_value", "The value is not valid."


Where = Literal["body", "query", "path", "header"]
ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where, what, and what to do.

    `location` is a JSON pointer for a body (`/owner`), else the name of the parameter or header.
    `value` is what was given, `suggestion` a value that would do; both may be absent.
    """

    code: ProblemCode
    location: str
    detail: LocalizedText
    value: object = ABSENT
    suggestion: object = ABSENT
    where: Where = "body"

    def render(self, language: Language) -> dict[str, Any]:
        rendered: dict[str, Any] = {
            "in": self.where,
            "location": self.location,
            "code": self.code,
            "detail": self.detail.render(language),
        }
        if self.value is not ABSENT:
            rendered["value"] = self.value
        if self.suggestion is not ABSENT:
            rendered["suggestion"] = self.suggestion
        return rendered


def describe_codes() -> dict[str, Any]:
    """The schema of a code in the API document, with a sentence for each."""
    lines = "\n".join(f"- `{code}`: {code.description}" for code in ProblemCode)
    return {
        "type": "string",
        "enum": [code.value for code in ProblemCode],
        "description": f"The kind of problem; it does not depend on the language.\n\n{lines}",
    }
