"""Parsing municipality codes and names in the spellings that sources use."""

import re
import unicodedata

# GM0363, gm0363, 0363, 363, G0363, 2023GM0363, NL_GM0363 and the end of a TOOI address; GeoNames writes
# NL.<province>.0363, which holds the same number.
_SPELLINGS = re.compile(
    r"(?:(?:19|20)\d\d)?(?:NL_)?GM?(?P<marked>\d{1,4})|(?P<bare>\d{1,4})|NL\.\d\d\.(?P<geonames>\d{4})"
)
_TOOI = "HTTPS://IDENTIFIER.OVERHEID.NL/TOOI/ID/GEMEENTE/"
_OTHER_AREAS = (
    (re.compile(r"NLD?\.\d+(\.\d+)?(_\d+)?"), "a GADM number, which is not a municipality code"),
    (re.compile(r"PV\d+"), "the code of a province"),
    (re.compile(r"WK\d+"), "the code of a district (wijk)"),
    (re.compile(r"BU\d+"), "the code of a neighbourhood (buurt)"),
)

_ALIASES = (
    ("s gravenhage", "den haag", "the hague"),
    ("s hertogenbosch", "den bosch"),
)


def parse_code(spelled: object) -> str:
    """The code as `GM0363`, from any spelling that is known to occur.

    Raises: ValueError, which names the kind of the code where it is a known other one.
    """
    if isinstance(spelled, float) and spelled.is_integer():
        spelled = int(spelled)
    text = str(spelled).strip().upper().removeprefix(_TOOI)
    match = _SPELLINGS.fullmatch(text)
    digits = match and (match["marked"] or match["bare"] or match["geonames"])
    if digits and int(digits) > 0:
        return f"GM{int(digits):04d}"
    for pattern, meaning in _OTHER_AREAS:
        if pattern.fullmatch(text):
            raise ValueError(f"{spelled} is {meaning}")
    raise ValueError(f"{spelled!r} is not a municipality code such as GM0363")


def fold_name(name: str) -> str:
    """The name without accents, capitals, punctuation and the word "gemeente", for comparisons."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip().removeprefix("gemeente ")


def drop_qualifier(name: str) -> str:
    """The name without the province that distinguishes two municipalities: Bergen (NH.) becomes Bergen."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", name)


def folded_aliases(folded: str) -> tuple[str, ...]:
    """All folded names of the same municipality, the given one first."""
    for group in _ALIASES:
        if folded in group:
            return (folded, *(alias for alias in group if alias != folded))
    return (folded,)
