"""Rules from outside: nothing unknown, nothing out of range, and an error that an admin understands."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk.handoff.rules.table import (
    SPECS,
    HandoffRule,
    LoopBudget,
    RuleAction,
    Rules,
    Spec,
    Threshold,
    default_rule,
)
from helpdesk.handoff.rules.topics import TOPICS
from helpdesk.handoff.sensitive_topics import SensitiveTopic, pattern_of
from store.errors import Invalid

MAX_TOPICS = 50
MAX_WORDS = 500  # of one topic in one language
MAX_CATEGORIES = 200
MAX_NAME_LENGTH = 128

_TRIES = (1, 5)
_SIMILARITY = (0.5, 1.0)
_LANGUAGES = ("de", "en")


def read_rules(value: object) -> Rules:
    """The rules in the form of `Rules.as_json`. What is missing is as it is out of the box.

    Raises `Invalid`, which names the place, what was expected and what came.
    """
    fields = _object(value, "rules", ("rules", "sensitive", "person_categories", "loop"))
    return Rules(
        rules=_rules(fields.get("rules", {})),
        sensitive=_topics(fields["sensitive"]) if "sensitive" in fields else TOPICS,
        person_categories=_categories(fields.get("person_categories", [])),
        loop=_loop(fields.get("loop", {})),
    )


def _rules(value: object) -> tuple[HandoffRule, ...]:
    given = _object(value, "rules", [str(spec.kind) for spec in SPECS])
    return tuple(_rule(spec, given.get(str(spec.kind), {})) for spec in SPECS)


def _rule(spec: Spec, value: object) -> HandoffRule:
    place = f"rules.{spec.kind}"
    given = _object(value, place, ("on", "does", *(threshold.name for threshold in spec.thresholds)))
    default = default_rule(spec)
    thresholds = {
        each.name: _number(given.get(each.name, each.default), f"{place}.{each.name}", each) for each in spec.thresholds
    }
    return HandoffRule(
        kind=spec.kind,
        on=_switch(given.get("on", default.on), f"{place}.on"),
        does=RuleAction(
            _one_of(given.get("does", str(default.does)), f"{place}.does", [str(does) for does in RuleAction])
        ),
        thresholds=thresholds,
    )


def _number(value: object, place: str, threshold: Threshold) -> float:
    return _within(value, place, (threshold.low, threshold.high), is_whole=threshold.is_whole)


def _within(value: object, place: str, bounds: tuple[float, float], *, is_whole: bool) -> float:
    low, high = bounds
    kind = "a whole number" if is_whole else "a number"
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is not None and low <= number <= high and (not is_whole or number == int(number)):
        return float(number)
    raise Invalid(f'"{place}": expected {kind} from {low:g} to {high:g}, got {_shown(value)}')


def _loop(value: object) -> LoopBudget:
    given = _object(value, "loop", ("tries", "same_agent", "similarity"))
    default = LoopBudget()
    return LoopBudget(
        tries=int(_within(given.get("tries", default.tries), "loop.tries", _TRIES, is_whole=True)),
        same_agent=_switch(given.get("same_agent", default.same_agent), "loop.same_agent"),
        similarity=_within(given.get("similarity", default.similarity), "loop.similarity", _SIMILARITY, is_whole=False),
    )


def _categories(value: object) -> tuple[str, ...]:
    given = _list(value, "person_categories", MAX_CATEGORIES)
    return tuple(_text(each, f"person_categories[{number}]") for number, each in enumerate(given))


def _topics(value: object) -> tuple[SensitiveTopic, ...]:
    topics = tuple(
        _topic(each, f"sensitive[{number}]") for number, each in enumerate(_list(value, "sensitive", MAX_TOPICS))
    )
    names = [topic.name for topic in topics]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Invalid(f'"sensitive": expected each topic once, got "{twice}" {names.count(twice)} times')
    return topics


def _topic(value: object, place: str) -> SensitiveTopic:
    given = _object(value, place, ("name", "de", "en", "words", "except", "on", "at_once", "first"))
    name = _text(given.get("name"), f"{place}.name")
    words = _object(given.get("words", {}), f"{place}.words", _LANGUAGES)
    first = given.get("first")
    return SensitiveTopic(
        name=name,
        de=_text(given.get("de", name), f"{place}.de"),
        en=_text(given.get("en", name), f"{place}.en"),
        words={language: _words(each, f"{place}.words.{language}") for language, each in words.items()},
        except_=_words(given.get("except", []), f"{place}.except"),
        on=_switch(given.get("on", True), f"{place}.on"),
        at_once=_switch(given.get("at_once", True), f"{place}.at_once"),
        first=None if first is None else _text(first, f"{place}.first"),
    )


def _words(value: object, place: str) -> tuple[str, ...]:
    words = []
    for number, each in enumerate(_list(value, place, MAX_WORDS)):
        text = _text(each, f"{place}[{number}]")
        try:
            pattern_of(text)
        except ValueError as error:
            raise Invalid(f'"{place}[{number}]": {error}') from None
        words.append(text)
    return tuple(words)


def _object(value: object, place: str, known: Iterable[str]) -> Mapping[str, Any]:
    names = list(known)
    if not isinstance(value, dict):
        raise Invalid(f'"{place}": expected an object with {", ".join(names)}, got {_shown(value)}')
    if unknown := next((name for name in value if name not in names), None):
        raise Invalid(f'"{place}": expected only {", ".join(names)}, got "{str(unknown)[:60]}"')
    return value


def _list(value: object, place: str, most: int) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        got = f"{len(value)} entries" if isinstance(value, list) else _shown(value)
        raise Invalid(f'"{place}": expected a list of at most {most} entries, got {got}')
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME_LENGTH:
        raise Invalid(f'"{place}": expected text of 1 to {MAX_NAME_LENGTH} characters, got {_shown(value)}')
    return value.strip()


def _switch(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid(f'"{place}": expected true or false, got {_shown(value)}')
    return value


def _one_of(value: object, place: str, known: Iterable[str]) -> str:
    names = list(known)
    if not isinstance(value, str) or value not in names:
        raise Invalid(f'"{place}": expected one of {", ".join(names)}, got {_shown(value)}')
    return value


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value[:60]}"' if value else "empty text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else str(value)[:60]
