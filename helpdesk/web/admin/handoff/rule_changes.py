"""What differs between two sets of rules, in words an admin would use; and what can't be kept of one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpdesk.handoff.rules import HandoffRule, Rules, spec_of
from helpdesk.handoff.rules.descriptions import title, written
from helpdesk.handoff.rules.table import Threshold
from helpdesk.handoff.sensitive_topics import SensitiveTopic
from helpdesk.handoff.triggers import TriggerKind

MOST_WORDS_NAMED = 6

type Words = Mapping[str, str]

_PLACE = re.compile(r'^"([^"]+)"')
_TOPIC_WORD = re.compile(r"sensitive\[(\d+)\]\.(?:words\.(\w+)|except)\[(\d+)\]")
_RULE_FIELD = re.compile(r"rules\.(\w+)\.(\w+)")


def describe_changes(before: Rules, after: Rules, language: str, words: Words) -> list[str]:
    """One short line for each difference; empty when there is none."""
    return [
        *(line for rule in after.rules for line in _rule_changes(before[rule.kind], rule, language, words)),
        *_topic_changes(before.sensitive, after.sensitive, language, words),
        *_category_changes(before.person_categories, after.person_categories, words),
        *_loop_changes(before, after, language, words),
    ]


def say_rule_problem(message: str, given: object, language: str, words: Words) -> str:
    """What `read_rules` refused, in the reader's language. `message` is its own, `given` what it was given."""
    place = match.group(1) if (match := _PLACE.match(message)) else ""
    if (word := _TOPIC_WORD.fullmatch(place)) is not None:
        return words["rules_problem_word"].format(
            found=_at(given, place), topic=_topic_title(given, int(word[1]), language)
        )
    if (field := _RULE_FIELD.fullmatch(place)) is not None and (threshold := _threshold(field[1], field[2])):
        return words["rules_problem_number"].format(
            name=f"{title(TriggerKind(field[1]), language)} – {words[f'rules_{field[1]}_{field[2]}']}",
            low=written(threshold.low, threshold, language),
            high=written(threshold.high, threshold, language),
        )
    return words.get(f"rules_problem_{place.partition('[')[0].partition('.')[0]}", words["error_invalid"])


def _rule_changes(before: HandoffRule, after: HandoffRule, language: str, words: Words) -> Iterator[str]:
    name = title(after.kind, language)
    if before.on != after.on:
        yield words["rules_change_on" if after.on else "rules_change_off"].format(name=name)
    if before.does != after.does:
        yield words[f"rules_change_does_{after.does}"].format(name=name)
    for threshold in spec_of(after.kind).thresholds:
        was, now = before[threshold.name], after[threshold.name]
        if was != now:
            yield words["rules_change_number"].format(
                name=name,
                threshold=words[f"rules_{after.kind}_{threshold.name}"],
                before=written(was, threshold, language),
                after=written(now, threshold, language),
            )


def _topic_changes(
    before: Iterable[SensitiveTopic], after: Iterable[SensitiveTopic], language: str, words: Words
) -> Iterator[str]:
    was, now = {topic.name: topic for topic in before}, {topic.name: topic for topic in after}
    for name, topic in now.items():
        if name not in was:
            yield words["rules_change_topic_new"].format(name=topic.title(language))
        elif was[name] != topic:
            yield words["rules_change_topic"].format(
                name=topic.title(language), what=", ".join(_topic_parts(was[name], topic, words))
            )
    for name in was.keys() - now.keys():
        yield words["rules_change_topic_gone"].format(name=was[name].title(language))


def _topic_parts(before: SensitiveTopic, after: SensitiveTopic, words: Words) -> Iterator[str]:
    if before.on != after.on:
        yield words["rules_topic_on" if after.on else "rules_topic_off"]
    if before.at_once != after.at_once:
        yield words["rules_topic_at_once" if after.at_once else "rules_topic_offered"]
    said, unsaid = _all_words(before), _all_words(after)
    yield from _listed("+", unsaid - said)
    yield from _listed("−", said - unsaid)
    if (before.de, before.en) != (after.de, after.en):
        yield words["rules_topic_renamed"]
    if before.except_ != after.except_:
        yield words["rules_topic_except"]


def _category_changes(before: Iterable[str], after: Iterable[str], words: Words) -> Iterator[str]:
    was, now = set(before), set(after)
    for sign, names in (("+", now - was), ("−", was - now)):
        if names:
            yield words["rules_change_categories"].format(names=", ".join(_listed(sign, names)))


def _loop_changes(before: Rules, after: Rules, language: str, words: Words) -> Iterator[str]:
    for name in ("tries", "similarity"):
        was, now = getattr(before.loop, name), getattr(after.loop, name)
        if was != now:
            shown = [f"{value:g}".replace(".", "," if language == "de" else ".") for value in (was, now)]
            yield words["rules_change_number"].format(
                name=words["rules_loop"], threshold=words[f"rules_loop_{name}"], before=shown[0], after=shown[1]
            )
    if before.loop.same_agent != after.loop.same_agent:
        key = "rules_change_on" if after.loop.same_agent else "rules_change_off"
        yield words[key].format(name=words["rules_loop_same_agent"])


def _all_words(topic: SensitiveTopic) -> set[str]:
    return {word for several in topic.words.values() for word in several}


def _listed(sign: str, names: set[str]) -> Iterator[str]:
    ordered = sorted(names, key=str.casefold)
    yield from (f"{sign}{name}" for name in ordered[:MOST_WORDS_NAMED])
    if len(ordered) > MOST_WORDS_NAMED:
        yield f"{sign}{len(ordered) - MOST_WORDS_NAMED} …"


def _threshold(kind: str, name: str) -> Threshold | None:
    thresholds = spec_of(TriggerKind(kind)).thresholds if kind in set(TriggerKind) else ()
    return next((each for each in thresholds if each.name == name), None)


def _topic_title(given: object, number: int, language: str) -> str:
    topic = _at(given, f"sensitive[{number}]")
    return str(topic.get(language) or topic.get("name") or number + 1) if isinstance(topic, dict) else str(number + 1)


def _at(given: object, place: str) -> Any:
    """What stands at a place such as "sensitive[2].words.de[0]"; nothing where there is no such place."""
    for step in re.findall(r"\w+", place):
        if isinstance(given, list) and step.isdigit() and int(step) < len(given):
            given = given[int(step)]
        elif isinstance(given, dict):
            given = given.get(step)
        else:
            return ""
    return given
