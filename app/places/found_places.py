"""The suggestions for a text: whether it can mean one thing only, and what to say beside them."""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText
from app.places.address_service import Availability
from app.places.name_match import Match, is_postcode, split_words
from app.places.suggestion import Suggestion, SuggestionKind

NO_ADDRESSES: Final = {
    Availability.OFF: LocalizedText(
        "Dit register zoekt niet op straat, postcode of adres.",
        "This register does not search by street, postcode or address.",
    ),
    Availability.UNREACHABLE: LocalizedText(
        "Straten, postcodes en adressen kunnen wij nu niet opzoeken: de adressendienst geeft geen goed antwoord.",
        "We cannot look up streets, postcodes and addresses now: the address service does not answer well.",
    ),
    Availability.LIMITED: LocalizedText(
        "Straten, postcodes en adressen kunnen wij nu even niet opzoeken: er zijn te veel vragen tegelijk.",
        "We cannot look up streets, postcodes and addresses for a moment: there are too many questions.",
    ),
}
"""Sentences by the reason why no address service answered."""

ONE_OF_SEVERAL: Final = LocalizedText(
    "Er is meer dan één plek met deze naam. Kies welke u bedoelt.",
    "There is more than one place with this name. Choose the one that you mean.",
)
ONLY_A_TOWN: Final = LocalizedText(
    "Bedoelt u een straat, plein of gebouw met deze naam? Dat kunnen wij niet vinden. "
    "Zoek op de plaats of gemeente waar het ligt.",
    "Do you mean a street, square or building with this name? We cannot find it. "
    "Search by the town or municipality where it is.",
)
ONLY_A_POSTCODE: Final = LocalizedText(
    "Zoek op de plaats of gemeente, of kies de plek op de kaart.",
    "Search by the town or municipality, or choose the place on the map.",
)

_PLACES: Final = frozenset(
    {
        SuggestionKind.PROVINCE,
        SuggestionKind.MUNICIPALITY,
        SuggestionKind.PLACE,
        SuggestionKind.STREET,
        SuggestionKind.ADDRESS,
    }
)
STREET_ENDINGS: Final = (
    "brug", "dam", "dijk", "dreef", "gracht", "hof", "kade", "laan", "markt", "pad", "plantsoen", "plein", "singel",
    "steeg", "straat", "weg",
)  # fmt: skip
"""Ends of the names of streets and squares."""
_NAMED_AFTER_TOWNS: Final = frozenset(
    {SuggestionKind.PROVINCE, SuggestionKind.STREET, SuggestionKind.ADDRESS}
)


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The suggestions for a text, the best first; `addresses` is whether an address service was asked and answered.

    `number` is the registration number that the text must mean, whether a sensor has it or not. `remark` is a sentence
    about the text itself.
    """

    text: str
    suggestions: tuple[Suggestion, ...]
    addresses: Availability
    number: str | None = None
    remark: LocalizedText | None = None

    @property
    def exact(self) -> list[Suggestion]:
        """The suggestions with the very name that was typed."""
        return [one for one in self.suggestions if one.match is Match.EXACT]

    @property
    def notices(self) -> list[LocalizedText]:
        """Sentences about the text and its names, then those about the services that were not searched."""
        return [*self.remarks, *self.address_notices]

    @property
    def remarks(self) -> list[LocalizedText]:
        """Sentences about the text itself, and about names that need a choice."""
        said = [self.remark] if self.remark else []
        if sum(one.kind in _PLACES for one in self.exact) > 1:
            said.append(ONE_OF_SEVERAL)
        return said

    @property
    def address_notices(self) -> list[LocalizedText]:
        """Sentences about the address service that did not answer, where the text may be a street or a postcode."""
        if self.addresses not in NO_ADDRESSES or not self._may_be_an_address():
            return []
        said = [NO_ADDRESSES[self.addresses]]
        if any(one.kind is SuggestionKind.PLACE for one in self.exact):
            said.append(ONLY_A_TOWN)
        if is_postcode(split_words(self.text)):
            said.append(ONLY_A_POSTCODE)
        return said

    def _may_be_an_address(self) -> bool:
        """Whether the text may be a street or a postcode: not where all that was found is no place.

        A number, or a word that streets end with, makes it one anyway. Where nothing was found it may be one.
        """
        if any(letter.isdigit() for letter in self.text):
            return True
        if any(word.endswith(STREET_ENDINGS) for word in split_words(self.text)):
            return True
        named = {one.kind for one in self.exact or self.suggestions}
        return not named or bool(named & _PLACES)

    def find_single(self) -> Suggestion | None:
        """The one suggestion that the text can only mean; None where a person has to choose."""
        exact = self.exact
        if any(one.kind is SuggestionKind.SENSORS for one in exact):
            return None
        if any(one.kind is SuggestionKind.MUNICIPALITY for one in exact):
            # `Utrecht` is the city, not a street of that name, nor the province.
            exact = [one for one in exact if one.kind not in _NAMED_AFTER_TOWNS]
        if exact:
            is_sure = len(exact) == 1 and self._is_sure(exact[0])
            return exact[0] if is_sure else None
        only = self.suggestions[0] if len(self.suggestions) == 1 else None
        return only if only and only.match is Match.WORDS and only.kind is SuggestionKind.ADDRESS else None

    def _is_sure(self, one: Suggestion) -> bool:
        """Whether nothing else can have the name: a square may have that of a hamlet, and only PDOK knows squares."""
        return one.kind is not SuggestionKind.PLACE or self.addresses is Availability.ANSWERED
