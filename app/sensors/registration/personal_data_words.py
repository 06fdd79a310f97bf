"""Words of a text which say that personal data are processed: MAC addresses, faces, number plates and the like.

A word that the same sentence denies does not count: "geen kentekens", "zonder gezichten", "niet herkenbaar".
"""

import re
from typing import Final

_STEMS: Final = (
    "mac", "bluetooth", "wifi", "wi-fi", "imei", "imsi", "gezicht", "fac", "kenteken", "nummerbord", "nummerpla",
    "plate", "anpr", "alpr", "biometr", "vingerafdruk", "fingerprint", "herkenba", "identifi", "recogni",
    "persoonsgegeven", "personal data",
)  # fmt: skip
"""One of these is in every text with such a word, in lower case: a quick test for the many texts without."""

_WORDS: Final = re.compile(
    r"""
    \b(?:
      mac[ -]?(?:adres|address|hash|id)\w* | (?:wifi|wi-fi|bluetooth)[ -]?(?:adres|address)\w* | imei\w* | imsi\w*
    | gezichten | gezichts(?:herkenning|detectie|opnam|beeld|kenmerk|vergelijking|analyse)\w*
    | faci?al\s(?:recognition|detection|images?|features?|analysis)
    | face[ -](?:recognition|detection|images?|matching|scans?)
    # "The camera faces north" is no face.
    | (?:people's|persons'|human|their|of|no|without|and|or|recogni[sz]\w+|detect\w*|captur\w*|record\w*|scan\w*
        |read\w*|films?|stor\w+|process\w*|blur\w*)\sfaces
    | \w*kentekens? | kenteken(?:plat|plaat|herken|camera|regist|gegeven|lez|scan|detect|controle|nummer)\w*
    | nummerbord\w* | nummerpla(?:at|ten) | (?:number|licen[cs]e)[ -]?plates? | anpr\w* | alpr\w*
    | biometri\w* | vingerafdruk\w* | fingerprint\w*
    | herkenbare\s(?:personen|mensen|bezoekers|voorbijgangers)
    | (?:personen|mensen|bezoekers|voorbijgangers)\s(?:\w+\s){0,2}herkenbaar
    | (?:identifiable|recogni[sz]able)\s(?:people|persons|individuals|visitors)
    | (?<!autoriteit\s)(?<!bescherming\s)(?<!bescherming\svan\s)persoonsgegevens | personal\sdata(?!\sprotection)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

_SENTENCE_END: Final = re.compile(r"[.!;]+(?:\s|$)|\n|\b(?:maar|echter|wel|but|however)\b", re.IGNORECASE)

_WORD: Final = re.compile(r"\w+(?:['.]\w+)*")

MAX_WORDS_BETWEEN: Final = 8
"""Maximum number of words between a denial and what it denies: "geen namen, adressen of kentekens"."""

_DENIALS: Final = frozenset(
    [
        "geen",
        "zonder",
        "niet",
        "nooit",
        "noch",
        "nee",
        "nvt",
        "n.v.t",
        "no",
        "not",
        "without",
        "never",
        "neither",
        "nor",
        "none",
        "non",
        "cannot",
    ]
)
_DENIALS_AFTER: Final = _DENIALS | frozenset(["uitgeschakeld", "uitgezet", "disabled", "off"])

_ONLY: Final = frozenset(["alleen", "slechts", "enkel", "only", "just"])
"""Words that take the denial away: "niet alleen auto's"."""

# Data that are read and then not stored are processed.
_AFFIRMATIONS: Final = frozenset(
    [
        "gelezen",
        "uitgelezen",
        "herkend",
        "gescand",
        "geregistreerd",
        "vastgelegd",
        "verwerkt",
        "gehasht",
        "versleuteld",
        "gefilmd",
        "opgenomen",
        "verzameld",
        "gemeten",
        "opgevangen",
        "read",
        "scanned",
        "captured",
        "recorded",
        "hashed",
        "collected",
        "processed",
        "detected",
        "die",
        "dat",
        "waarvan",
        "which",
        "that",
    ]
)

_UNRECOGNISABLE: Final = re.compile(
    r"\bonherkenbaar|\bonleesbaar|\?\s*(?:nee|geen|no|none)\b"
    r"|\bniet\s(?:\w+\s){0,2}?(?:herkenba\w+|herkend|leesbaar|identificeerbaar|te\s(?:herkennen|identificeren|lezen))"
    r"|\b(?:not|never)\s(?:\w+\s)?(?:recogni[sz]able|identifiable|readable|legible)"
    r"|\bun(?:recogni[sz]able|identifiable)",
    re.IGNORECASE,
)


def find_personal_data_words(text: str) -> str | None:
    """The first words of the text which say that personal data are processed, and that it does not deny."""
    lowered = text.lower()
    if not any(stem in lowered for stem in _STEMS):
        return None
    for found in _WORDS.finditer(text):
        if not _is_denied(text, found):
            return found.group()
    return None


def _is_denied(text: str, found: re.Match[str]) -> bool:
    before, after = _cut_sentence(text, found)
    if _UNRECOGNISABLE.search(f"{before}{found.group()}{after}"):
        return True
    # The words found may begin with a denial themselves: "no faces".
    words = _list_words(f"{before}{found.group()}")
    inside = len(_list_words(found.group()))
    if _has_denial(words[-inside - MAX_WORDS_BETWEEN - 1 :], _DENIALS):
        return True
    following = _list_words(after)[: MAX_WORDS_BETWEEN + 1]
    affirmed = [index for index, word in enumerate(following) if word in _AFFIRMATIONS]
    return _has_denial(following[: affirmed[0]] if affirmed else following, _DENIALS_AFTER)


def _list_words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _has_denial(words: list[str], denials: frozenset[str]) -> bool:
    followers = [*words[1:], ""]
    return any(
        word in denials and follower not in _ONLY for word, follower in zip(words, followers, strict=False)
    )


def _cut_sentence(text: str, found: re.Match[str]) -> tuple[str, str]:
    """The parts of the sentence before and after the words."""
    start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, found.start())), default=0)
    end = _SENTENCE_END.search(text, found.end())
    return text[start : found.start()], text[found.end() : end.start() if end else len(text)]
