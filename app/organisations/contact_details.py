"""Contact details of a person in a public text: a name with a telephone number, and a private mail address.

A functional mailbox, the number of an organisation, and a name without a number are no contact details of a person.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.organisations.given_names import GIVEN_NAMES
from app.organisations.mailboxes import is_functional, is_personal

MAX_DISTANCE: Final = 60
"""Maximum number of characters between a name and its telephone number or mail address."""

_PRIVATE_PROVIDERS: Final = frozenset(
    [
        "casema",
        "chello",
        "gmail",
        "gmx",
        "googlemail",
        "hetnet",
        "home",
        "hotmail",
        "icloud",
        "kpnmail",
        "live",
        "me",
        "msn",
        "outlook",
        "planet",
        "proton",
        "protonmail",
        "quicknet",
        "telfort",
        "tele2",
        "upcmail",
        "xs4all",
        "yahoo",
        "ziggo",
    ]
)
"""Names in the domains of mail providers for consumers."""

_EMAIL: Final = re.compile(
    r"(?<![\w.%+-])([\w%+-][\w.%+-]{0,63})(@|\s?[\[(](?:at|apenstaartje)[\])]\s?)"
    r"((?:[\w-]{1,63}\.){1,5}[a-z]{2,24})(?![\w-])",
    re.IGNORECASE,
)
_SIGN: Final = re.compile(r"@|[\[(](?:[aA][tT]|apenstaartje)[\])]|[+0][0-9() ./-]{8}")

# Ten digits within the Netherlands, or a country code. Service numbers (0800 1234, 14 020) have fewer.
_PHONE: Final = re.compile(
    r"(?<![\w+])(?<![\d][-./ ])(?:(?:\+|00)[1-9][0-9]{0,2}[ .-]?(?:\(0\)[ .-]?)?(?:[0-9][ .-]?){7,10}[0-9]"
    r"|\(?0[1-9][0-9]{0,3}\)?[ ./-]{0,3}(?:[0-9][ .-]?){4,8}[0-9])(?![\w@])"
)
_MOBILE: Final = re.compile(r"(?:(?:\+|00)31(?:\(0\))?|0)6")

_PARTICLE: Final = r"(?:van|von|de|den|der|het|'t|’t|ten|ter|te|el|al|la|le|du|di|bin|ben|ait|op|in|aan)"
_CAPITALISED: Final = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]*\w"
_SURNAME: Final = rf"(?:(?i:{_PARTICLE})\s+){{0,3}}{_CAPITALISED}"

_ONLY_PARTICLE: Final = re.compile(_PARTICLE, re.IGNORECASE)
_WORD: Final = re.compile(r"[\w'’-]+")
_FOLLOWING: Final = re.compile(r"(?:\s+(?:&\s*)?[\w.'’-]{1,30}){1,2}")
_WHOLE_WORD: Final = re.compile(r"\w+")
_ABBREVIATIONS: Final = frozenset({"st", "nr", "tel"})

_NAMES: Final = re.compile(
    rf"""
    (?<![\w.@-])(?:
      (?P<title>(?i:dhr|de\s+heer|heer|mevr|mevrouw|mw|drs|dr|mr|ir|ing|mrs|ms)\b\.?\s+(?:[A-Z]\.\s?){{0,5}}{_SURNAME})
    | (?P<initials>(?:[A-Z][a-z]?\.\s?){{1,5}}{_SURNAME})
    | (?P<full>{_CAPITALISED}(?:\s+(?i:{_PARTICLE})){{0,3}}\s+{_CAPITALISED})
    | (?P<lower>[^\W\d_]+(?:\s+{_PARTICLE}){{1,3}}\s+[^\W\d_]{{3,}})
    | (?P<single>{_CAPITALISED})
    )(?![\w@-])""",
    re.VERBOSE,
)
_LEGAL_FORM: Final = re.compile(
    r"(?:B\.?\s?V|N\.?\s?V|V\.?\s?O\.?\s?F|C\.?\s?V|P\.?\s?O)\.?(?:\s|$)", re.IGNORECASE
)

# Parts of words in names of organisations, streets and buildings. Surnames have some of them too (Van der Laan,
# Nieuwenhuis, Kerkhof), so these count at the end of a word or as a whole word alone.
_ORGANISATION_WORDS: Final = re.compile(
    r"""gemeente|provinci|waterschap|ministeri|rijks|stichting|verenig|team|dienst|piket|storing|meld|verkeer|beheer
    |afdeling|bureau|service|desk|loket|handhav|toezicht|centrale|nederland|groep|group|openba|ruimte|project|sensor
    |camera|systeem|system|techni|install|advies|secur|beveilig|infra|mobil|energ|centrum|politie|brandweer|prorail
    |universi|college|school|museum|arena|theater|academi|ziekenhuis|holding|consult|bedrij|metro|station|data|privacy
    |\w(?:straat|laan|plein|weg|kade|gracht|brug|park|singel|tunnel|haven|hal|kamer|kerk|bouw)$
    |^(?:bv|nv|vof|cv|zn|zonen|ggd|ns|noord|zuid|oost|west|bank|huis|park|plein|stad|wegen|smart)$""",
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_WORDS: Final = frozenset(
    [
        "bel",
        "contact",
        "tel",
        "telefoon",
        "telefonisch",
        "mobiel",
        "mail",
        "email",
        "vraag",
        "vragen",
        "informatie",
        "info",
        "meer",
        "neem",
        "voor",
        "bij",
        "via",
        "naar",
        "op",
        "de",
        "het",
        "een",
        "en",
        "of",
        "in",
        "the",
        "call",
        "phone",
        "for",
        "please",
        "alarm",
        "nood",
        "spoed",
        "dag",
        "nacht",
        "algemeen",
        "nummer",
    ]
)
"""Words in capitals at the beginning of a sentence about contact, which are not part of a name."""

_BESIDE: Final = re.compile(
    r"[\s,;:()/|-]*(?:(?:tel|telefoon|mob|mobiel|gsm|nr|nummer|op|via|bereikbaar|phone|t|m)\b[\s.,:;()-]*){0,3}",
    re.IGNORECASE,
)


def may_hold_contact_details(text: str) -> bool:
    """Whether the text has an address or number at all: a quick test, since nearly every text has none."""
    return _SIGN.search(text) is not None


def find_contact_details(text: str, location: str) -> list[Problem]:
    """A problem for each private mail address, and each telephone number beside a person's name.

    `location` is the JSON pointer of the field. Positions in the sentences count characters from 1.
    """
    if not may_hold_contact_details(text):
        return []
    names = list(_find_names(text))
    return [*_find_emails(text, location, names), *_find_phones(text, location, names)]


def _find_emails(text: str, location: str, names: list[re.Match[str]]) -> Iterator[Problem]:
    for found in _EMAIL.finditer(text):
        address = f"{found[1]}@{found[3]}"
        is_private = is_personal(address) or (
            not is_functional(address)
            and (found[3].lower().split(".")[-2] in _PRIVATE_PROVIDERS or _nearest(names, found))
        )
        if is_private:
            yield Problem(
                ProblemCode.PERSONAL_EMAIL,
                location,
                LocalizedText(
                    f"Vanaf teken {found.start() + 1} staat het adres van een persoon: {found[0]}. Iedereen kan deze"
                    " tekst lezen. Geef een algemeen adres, zoals info@ of privacy@, of haal het adres weg.",
                    f"From character {found.start() + 1} the text has a person's address: {found[0]}. Everybody can"
                    " read this text. Give a general address, like info@ or privacy@, or remove it.",
                ),
                found[0],
            )


def _find_phones(text: str, location: str, names: list[re.Match[str]]) -> Iterator[Problem]:
    for found in _PHONE.finditer(text):
        digits = re.sub(r"[ ./()-]", "", found[0])
        if not digits.startswith(("+", "00")) and len(digits) != 10:
            continue
        name = _nearest(names, found) or (_find_beside(text, found) if _MOBILE.match(digits) else None)
        if name is None:
            continue
        start, end = min(name.start(), found.start()), max(name.end(), found.end())
        shown = text[start:end]
        yield Problem(
            ProblemCode.PERSONAL_PHONE,
            location,
            LocalizedText(
                f"Vanaf teken {start + 1} staat de naam van een persoon met een telefoonnummer: {shown}. Iedereen kan"
                " deze tekst lezen. Geef het algemene nummer zonder naam, of haal beide weg.",
                f"From character {start + 1} the text has a person's name with a telephone number: {shown}. Everybody"
                " can read this text. Give the general number without a name, or remove both.",
            ),
            shown,
        )


def _find_names(text: str) -> Iterator[re.Match[str]]:
    """The names of persons: with a title or initials, or with a frequent given name."""
    position = 0
    while found := _NAMES.search(text, position):
        if _is_name(found) and not _is_followed_by_organisation(text, found):
            yield found
            position = found.end()
        else:
            position = _end_of_word(text, found.start())


def _is_name(found: re.Match[str]) -> bool:
    words = _WORD.findall(found[0])
    if found.lastgroup == "single" or _is_organisation(words):
        return False
    if found.lastgroup == "initials":
        return not _LEGAL_FORM.match(found[0]) and words[0].lower() not in _ABBREVIATIONS
    return found.lastgroup == "title" or _is_given_name(words[0])


def _is_organisation(words: list[str]) -> bool:
    """Whether one of the words belongs to organisations, streets or buildings; "de" inside a name does not."""
    first, *others = words
    names = [first, *(word for word in others if not _ONLY_PARTICLE.fullmatch(word))]
    return any(_is_organisation_word(word) for word in names if word[0].isupper())


def _is_organisation_word(word: str) -> bool:
    return _ORGANISATION_WORDS.search(word) is not None or word.lower() in _FIRST_WORDS


def _is_given_name(word: str) -> bool:
    """Whether this is a frequent given name, or begins with one: Jan-Willem."""
    return word.lower() in GIVEN_NAMES or word.lower().partition("-")[0] in GIVEN_NAMES


def _is_followed_by_organisation(text: str, found: re.Match[str]) -> bool:
    """Whether the name is part of one of a firm, street or building: "Jan de Vries Installaties B.V."."""
    following = _FOLLOWING.match(text, found.end())
    words = following[0].split() if following else []
    return any(
        word == "&" or (word[0].isupper() and (_ORGANISATION_WORDS.search(word) or _LEGAL_FORM.match(word)))
        for word in words
    )


def _end_of_word(text: str, start: int) -> int:
    found = _WHOLE_WORD.match(text, start)
    return found.end() if found else start + 1


def _nearest(names: list[re.Match[str]], found: re.Match[str]) -> re.Match[str] | None:
    near = [
        (max(found.start() - name.end(), name.start() - found.end()), index)
        for index, name in enumerate(names)
    ]
    distance, index = min(near, default=(MAX_DISTANCE + 1, 0))
    return names[index] if distance <= MAX_DISTANCE else None


def _find_beside(text: str, phone: re.Match[str]) -> re.Match[str] | None:
    """The name directly before a mobile number, of which a given name or any two words in capitals are enough."""
    start = max(0, phone.start() - MAX_DISTANCE)
    position = start
    while found := _NAMES.search(text, position, phone.start()):
        if _BESIDE.fullmatch(text, found.end(), phone.start()):
            words = _WORD.findall(found[0])
            capitals = sum(word[0].isupper() for word in words)
            if not _is_organisation(words) and (capitals > 1 or _is_given_name(words[0])):
                return found
        position = _end_of_word(text, found.start())
    return None
