"""Dialogues from files, one JSON object a line: what is in them, or what is wrong with a line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from store.errors import Invalid

AUTHORS = (CONTACT, BOT, AGENT)
MAX_TURNS = 10_000
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """`said` has the index of each turn as its `seq`; `language` is "de", "en", or none where the file is silent."""

    id: str | int | None
    language: str | None
    said: tuple[DialogueLine, ...]


def read_dialogue(text: str) -> Dialogue:
    """A line of the file. Other fields than id, language and turns are passed over.

    Raises `Invalid`, which says where in the line something else was expected; its details hold the `id`, if there is
    one.
    """
    fields = _object(_json(text), 'an object such as {"id": "d1", "turns": […]}')
    name = _name(fields.get("id"))
    try:
        return Dialogue(id=name, language=_language(fields.get("language")), said=_turns(fields.get("turns")))
    except Invalid as error:
        raise Invalid(str(error), id=name) from None


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(f"column {error.colno}: expected JSON ({error.msg})") from None
    except RecursionError:
        raise Invalid("expected a dialogue, got JSON that is nested too deeply") from None


def _turns(value: object) -> tuple[DialogueLine, ...]:
    if not isinstance(value, list) or len(value) > MAX_TURNS:
        raise Invalid(f'"turns": expected a list of at most {MAX_TURNS:,} turns')
    return tuple(_turn(number, turn) for number, turn in enumerate(value))


def _turn(number: int, value: object) -> DialogueLine:
    place = f"turns[{number}]"
    fields = _object(value, 'an object such as {"author": "contact", "text": "…"}', place)
    author, text = fields.get("author"), fields.get("text")
    if author not in AUTHORS:
        raise Invalid(f'"{place}.author": expected "contact", "bot" or "agent"')
    if not isinstance(text, str):
        raise Invalid(f'"{place}.text": expected text')
    return DialogueLine(seq=number, author=author, text=text, at=_time(fields.get("at"), f"{place}.at"))


def _time(value: object, place: str) -> datetime | None:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Invalid(f'"{place}": expected a time such as "2026-01-31T10:00:00Z"') from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _language(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Invalid('"language": expected text such as "de" or "en"')
    return value if value in LANGUAGES else None


def _name(value: object) -> str | int | None:
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Invalid('"id": expected text or a number')


def _object(value: object, expected: str, place: str | None = None) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(f'"{place}": expected {expected}' if place else f"expected {expected}")
    return value
