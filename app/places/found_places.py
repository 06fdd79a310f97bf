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
    "Een postcode vinden wij alleen met de adressendienst. Zoek op plaats of gemeente.",
    "We find a postcode only with the address service. Search by town or municipality.",
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
        """Sentences about the services that were not searched, and about names that need a choice."""
        said = [self.remark] if self.remark else []
        if sum(one.kind in _PLACES for one in self.exact) > 1:
            said.append(ONE_OF_SEVERAL)
        is_no_place = bool(self.exact) and all(one.kind not in _PLACES for one in self.exact)
        if self.addresses in NO_ADDRESSES and not is_no_place:
            said.append(NO_ADDRESSES[self.addresses])
            if any(one.kind is SuggestionKind.PLACE for one in self.exact):
                said.append(ONLY_A_TOWN)
            if is_postcode(split_words(self.text)):
                said.append(ONLY_A_POSTCODE)
        return said

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
