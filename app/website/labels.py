"""What codes are called on a page: terms, municipalities, in the page's language."""

from dataclasses import dataclass

from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.municipalities.directory import Directory
from app.vocabularies.terms import Vocabularies

YES_NO = {True: LocalizedText("ja", "yes"), False: LocalizedText("nee", "no")}


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of everything that the register publishes by code."""

    language: Language
    vocabularies: Vocabularies
    directory: Directory

    def word(self, text: LocalizedText) -> str:
        return text.render(self.language)

    def name_term(self, vocabulary: str, code: str) -> str:
        return self.word(self.vocabularies.label(vocabulary, code))

    def name_municipality(self, code: str) -> str:
        """The municipality's name in the newest edition that has it; its code if none does."""
        try:
            return self.directory.get_municipality(code).name
        except InvalidRequest:
            return code

    def name_answer(self, answer: bool) -> str:  # noqa: FBT001 - the value itself, not a switch
        return self.word(YES_NO[answer])

    def list_themes(self, smart_city_theme: str) -> tuple[str, ...]:
        """The themes within a smart city theme; by them a search is quick, since they are indexed."""
        terms = self.vocabularies.by_name["themes"].terms.values()
        return tuple(term.code for term in terms if term.broader == smart_city_theme)

    @property
    def municipality_names(self) -> list[str]:
        """The municipalities of today, in alphabetical order, for a form to offer."""
        return sorted(one.name for one in self.directory.municipalities if one.in_force)
