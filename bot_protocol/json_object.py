"""Reading JSON field by field, with one error that says which field, what was expected and what came.

What nobody reads is passed over: a newer peer may send it, in an upgrade that replaces one instance after the other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


class BotProtocolError(ValueError):
    """What came is not as agreed. The message names field and expectation, never what a customer wrote."""


@dataclass(frozen=True, slots=True)
class JsonObject:
    """A JSON object whose fields are read one by one; `path` is where it stands, for the error."""

    fields: Mapping[str, Any]
    path: str = ""

    @classmethod
    def read(cls, value: Any, path: str) -> "JsonObject":
        """`value` as an object. Raises `BotProtocolError`."""
        if not isinstance(value, Mapping):
            raise BotProtocolError(f"{path or 'body'}: expected an object, not {kind_of(value)}")
        return cls(value, path)

    def text(self, name: str, longest: int = 0) -> str:
        """A text that is not blank, of at most `longest` characters if given. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip() or (longest and len(value) > longest):
            wanted = f"a text of 1 to {longest} characters" if longest else "a text"
            raise self.wrong(name, wanted)
        return value

    def text_or_none(self, name: str, longest: int = 0) -> str | None:
        """The same, or None where the field is missing, null or empty."""
        return None if self.fields.get(name) in (None, "") else self.text(name, longest)

    def choice_or_none(self, name: str, choices: Collection[str]) -> str | None:
        """One of `choices`, or None where the field is missing or null. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        if value is not None and value not in choices:
            raise self.wrong(name, f"one of {', '.join(choices)}")
        return value

    def share(self, name: str) -> float:
        """A number from 0 to 1. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise self.wrong(name, "a number from 0 to 1")
        return float(value)

    def flag(self, name: str) -> bool:
        """True or false. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def object_or_none(self, name: str) -> "JsonObject | None":
        """An object, or None where it is missing or null. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        return None if value is None else JsonObject.read(value, self._path_of(name))

    def objects(self, name: str) -> "list[JsonObject]":
        """The objects of a list, none where the field is missing or null. Raises `BotProtocolError`."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(name, "a list of objects")
        path = self._path_of(name)
        return [JsonObject.read(each, f"{path}[{position}]") for position, each in enumerate(value or [])]

    def wrong(self, name: str, expected: str) -> BotProtocolError:
        """The error for a field that is not what was expected."""
        found = self.fields.get(name)
        came = f"a text of {len(found)} characters" if isinstance(found, str) else kind_of(found)
        return BotProtocolError(f"{self._path_of(name)}: expected {expected}, not {came}")

    def _path_of(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def kind_of(value: Any) -> str:
    """What JSON calls a value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "an object" if isinstance(value, Mapping) else "a list"
