"""The fields of a service's answer: found by their paths, and said in the customer's language. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from actions.lookups.lookup import Wording, text_in
from actions.reply import MARKDOWN
from helpdesk.lookups.definition import LookupDefinition, ShownField, ShownKind
from i18n import N_, available_languages, catalog, locale_of

MAX_LENGTH = 300
"""Characters of a value that are told."""
MAX_LISTED = 60
"""Fields of an answer that are listed for the admin."""
MAX_PATH = 200
_YES, _NO = N_("yes"), N_("no")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def value_at(content: Any, path: str) -> Any:
    """What stands at a path of decoded JSON; None when nothing does."""
    for name, number in _STEP.findall(path):
        if name and isinstance(content, dict):
            content = content.get(name)
        elif number and isinstance(content, list) and int(number) < len(content):
            content = content[int(number)]
        else:
            return None
    return None if isinstance(content, (dict, list)) else content


def told_values(definition: LookupDefinition, content: Any, zone: ZoneInfo) -> dict[str, Wording]:
    """The fields that the answer has, each in every language."""
    found = {one.name: value_at(content, one.path) for one in definition.shown}
    return {
        one.name: {
            language: say_value(one, found[one.name], language, zone) for language in available_languages("customer")
        }
        for one in definition.shown
        if found[one.name] not in (None, "")
    }


def is_proved(definition: LookupDefinition, values: Mapping[str, str], content: Any) -> bool:
    """Whether each proof that was given is what the answer holds, where it is compared here."""
    compared = ((values[name], path) for name, path in definition.proof_paths.items() if path and name in values)
    return all(_same(given, value_at(content, path)) for given, path in compared)


def _same(given: str, held: Any) -> bool:
    return held not in (None, "") and _plain(given) == _plain(str(held))


def _plain(value: str) -> str:
    return "".join(value.split()).casefold()


def say_value(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str:
    """A value as it is read in `language`; what is no date, amount or link is said as it came."""
    words = field.said_as.get(str(value))
    if words:
        return text_in(words, language)
    said = _SAYERS[field.kind](field, value, language, zone)
    return said if said is not None else _as_text(value, language)


def _say_date(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str | None:
    from babel.dates import format_date  # 20 ms, and only where something is looked up

    day = _day(value, zone)
    return format_date(day, "long", locale=locale_of(language)) if day else None


def _say_money(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str | None:
    from babel.numbers import format_currency

    amount = _amount(value)
    return None if amount is None else format_currency(amount, field.currency, locale=locale_of(language))


def _say_number(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str | None:
    from babel.numbers import format_decimal

    amount = _amount(value)
    return None if amount is None else format_decimal(amount, locale=locale_of(language))


def _say_link(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str | None:
    """Only what leads to a web page, and holds nothing that Markdown would read."""
    address = str(value)
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" and parts.hostname and not re.search(r"[\s<>()\[\]\"'`*\\]", address)
    return address if is_safe and len(address) <= MAX_LENGTH else None


def _say_text(field: ShownField, value: Any, language: str, zone: ZoneInfo) -> str | None:
    return None


_SAYERS = {
    ShownKind.TEXT: _say_text,
    ShownKind.DATE: _say_date,
    ShownKind.MONEY: _say_money,
    ShownKind.NUMBER: _say_number,
    ShownKind.LINK: _say_link,
}


def _as_text(value: Any, language: str) -> str:
    """One line of plain text: whatever a service says is words, never Markdown of ours."""
    if isinstance(value, bool):
        return catalog("customer", language).gettext(_YES if value else _NO)
    return MARKDOWN.sub(r"\\\g<0>", " ".join(str(value).split())[:MAX_LENGTH])


def _day(value: Any, zone: ZoneInfo) -> date | None:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).astimezone(zone).date()
        moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _amount(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and not isinstance(value, bool) else None


def list_fields(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The paths of an answer with what stands there, for whoever writes down which are told."""
    if len(path) > MAX_PATH:
        return
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(key, str) and re.fullmatch(r"[\w-]+", key):
                yield from list_fields(value, f"{path}.{key}" if path else key)
    elif isinstance(content, list):
        for number, value in enumerate(content[:3]):
            yield from list_fields(value, f"{path}[{number}]")
    elif content is not None:
        yield path, " ".join(str(content).split())[:MAX_LENGTH]
