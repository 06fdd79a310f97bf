"""The features of a GeoJSON text, one by one. Source: RFC 7946; RFC 8142."""

from collections.abc import Iterator
from typing import IO, Any

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.json_stream import JsonStream
from app.files.readers.limits import FileLimits


class FeatureReader:
    """The features of a collection, or those that stand one after the other in a sequence."""

    def __init__(self, content: IO[bytes], limits: FileLimits) -> None:
        self._content = content
        self._limits = limits
        self.members: dict[str, Any] = {}
        """Members of a collection besides its features; complete after the last feature."""

    def read_features(self, *, is_known: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
        """The features with their number, from 1; see `JsonStream` for `is_known`. Raises: InvalidRequest."""
        self._content.seek(0)
        self.members = {}
        text = JsonStream(self._content, self._limits.row_characters, is_known=is_known)
        for number, feature in enumerate(self._list_features(text), start=1):
            self._limits.check_rows(number)
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise InvalidRequest(
                    LocalizedText(f"Object {number} is geen Feature.", f"Object {number} is not a Feature.")
                )
            yield number, feature

    def _list_features(self, text: JsonStream) -> Iterator[Any]:
        text.expect("{")
        held = 0
        while not text.take("}"):
            begun = text.characters_read
            name = text.read_value()
            text.expect(":")
            if name == "features":
                yield from text.read_list()
                self.members["type"] = "FeatureCollection"
            else:
                self.members[str(name)] = text.read_value()
                held += text.characters_read - begun
                self._check_members(held)
            if not text.take(","):
                text.expect("}")
                break
        if self.members.get("type") == "FeatureCollection":
            text.expect_end()
            return
        first, self.members = self.members, {}
        yield first
        while text.peek():
            yield text.read_value()

    def _check_members(self, characters: int) -> None:
        """Limit the members of a collection together: each is limited as a value, but all are held."""
        if len(self.members) > self._limits.columns or characters > self._limits.row_characters:
            raise InvalidRequest(
                LocalizedText(
                    "Naast de objecten staat te veel in het GeoJSON-bestand: meer dan "
                    f"{self._limits.columns} onderdelen of {self._limits.row_characters} tekens. "
                    "Exporteer het opnieuw, met alleen de objecten.",
                    "Too much stands beside the features of the GeoJSON file: more than "
                    f"{self._limits.columns} members or {self._limits.row_characters} characters. "
                    "Export it again, with nothing but the features.",
                )
            )
