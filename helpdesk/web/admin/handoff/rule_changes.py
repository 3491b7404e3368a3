"""What differs between two sets of rules, in words an admin would use; and what can't be kept of one."""

import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations
from typing import Any

from babel.numbers import format_decimal

from helpdesk.handoff.rules import HandoffRule, Rules, spec_of
from helpdesk.handoff.rules.table import RuleAction, Threshold
from helpdesk.handoff.sensitive_topics import SensitiveTopic
from helpdesk.web.admin.handoff.rule_descriptions import title, written
from helpdesk.web.admin.handoff.words import PROBLEMS, THRESHOLDS
from helpdesk.web.shared.error_sentences import ERROR_SENTENCES
from i18n import catalog, locale_of, translate
from store.triggers import TriggerKind

MAX_WORDS_NAMED = 6

_PLACE = re.compile(r'^"([^"]+)"')
_TOPIC_WORD = re.compile(r"sensitive\[(\d+)\]\.(?:words\.(\w+)|except)\[(\d+)\]")
_RULE_FIELD = re.compile(r"rules\.(\w+)\.(\w+)")


def describe_changes(before: Rules, after: Rules, language: str) -> list[str]:
    """One short line for each difference; empty when there is none."""
    messages = catalog("staff", language)
    return [
        *(line for rule in after.rules for line in _rule_changes(before[rule.kind], rule, language, messages)),
        *_topic_changes(before.sensitive, after.sensitive, language, messages),
        *_category_changes(before.person_categories, after.person_categories, messages),
        *_loop_changes(before, after, language, messages),
    ]


def say_rule_problem(message: str, given: object, language: str) -> str:
    """What `read_rules` refused, in the reader's language. `message` is its own, `given` what it was given."""
    messages = catalog("staff", language)
    place = match.group(1) if (match := _PLACE.match(message)) else ""
    if (word := _TOPIC_WORD.fullmatch(place)) is not None:
        return messages.gettext(
            'Topic "{topic}": "{found}" is no word. Expected something like lawyer* or cancel my … contract.'
        ).format(found=_at(given, place), topic=_topic_title(given, int(word[1]), language))
    if (field := _RULE_FIELD.fullmatch(place)) is not None and (threshold := _threshold(field[1], field[2])):
        threshold_name = translate(messages, THRESHOLDS[f"{field[1]}_{field[2]}"])
        return messages.gettext("{name}: expected a number from {low} to {high}.").format(
            name=f"{title(TriggerKind(field[1]), language)} – {threshold_name}",
            low=written(threshold.low, threshold, language),
            high=written(threshold.high, threshold, language),
        )
    return translate(messages, PROBLEMS.get(re.split(r"[.\[]", place)[0], ERROR_SENTENCES["invalid"]))


def _rule_changes(before: HandoffRule, after: HandoffRule, language: str, messages: NullTranslations) -> Iterator[str]:
    name = title(after.kind, language)
    if before.on != after.on:
        yield _switched(name, messages, on=after.on)
    if before.does != after.does:
        yield _does(after.does, messages).format(name=name)
    for threshold in spec_of(after.kind).thresholds:
        was, now = before[threshold.name], after[threshold.name]
        if was != now:
            yield messages.gettext("{name}, {threshold}: {before} → {after}").format(
                name=name,
                threshold=translate(messages, THRESHOLDS[f"{after.kind}_{threshold.name}"]),
                before=written(was, threshold, language),
                after=written(now, threshold, language),
            )


def _topic_changes(
    before: Iterable[SensitiveTopic], after: Iterable[SensitiveTopic], language: str, messages: NullTranslations
) -> Iterator[str]:
    was, now = {topic.name: topic for topic in before}, {topic.name: topic for topic in after}
    for name, topic in now.items():
        if name not in was:
            yield messages.gettext('Topic "{name}" new').format(name=topic.title(language))
        elif was[name] != topic:
            yield messages.gettext('Topic "{name}": {what}').format(
                name=topic.title(language), what=", ".join(_topic_parts(was[name], topic, messages))
            )
    for name in was.keys() - now.keys():
        yield messages.gettext('Topic "{name}" removed').format(name=was[name].title(language))


def _topic_parts(before: SensitiveTopic, after: SensitiveTopic, messages: NullTranslations) -> Iterator[str]:
    if before.on != after.on:
        yield messages.gettext("switched on") if after.on else messages.gettext("switched off")
    if before.at_once != after.at_once:
        yield messages.gettext("handed over at once") if after.at_once else messages.gettext("only offered")
    said, unsaid = _all_words(before), _all_words(after)
    yield from _listed("+", unsaid - said)
    yield from _listed("−", said - unsaid)
    if (before.de, before.en) != (after.de, after.en):
        yield messages.gettext("renamed")
    if before.except_ != after.except_:
        yield messages.gettext("exceptions changed")


def _category_changes(before: Iterable[str], after: Iterable[str], messages: NullTranslations) -> Iterator[str]:
    was, now = set(before), set(after)
    for sign, names in (("+", now - was), ("−", was - now)):
        if names:
            yield messages.gettext("Always to a person: {names}").format(names=", ".join(_listed(sign, names)))


def _loop_changes(before: Rules, after: Rules, language: str, messages: NullTranslations) -> Iterator[str]:
    thresholds = {
        "tries": messages.gettext("tries in all"),
        "similarity": messages.gettext("the same matter from similarity"),
    }
    for name, threshold in thresholds.items():
        was, now = getattr(before.loop, name), getattr(after.loop, name)
        if was != now:
            shown = [format_decimal(value, locale=locale_of(language)) for value in (was, now)]
            yield messages.gettext("{name}, {threshold}: {before} → {after}").format(
                name=messages.gettext("Back with the bot"), threshold=threshold, before=shown[0], after=shown[1]
            )
    if before.loop.same_agent != after.loop.same_agent:
        name = messages.gettext("To the same person again if possible")
        yield _switched(name, messages, on=after.loop.same_agent)


def _switched(name: str, messages: NullTranslations, *, on: bool) -> str:
    sentence = messages.gettext("{name} switched on") if on else messages.gettext("{name} switched off")
    return sentence.format(name=name)


def _does(action: RuleAction, messages: NullTranslations) -> str:
    if action is RuleAction.HAND_OVER:
        return messages.gettext("{name}: now hand over instead of offering")
    return messages.gettext("{name}: now offer instead of handing over")


def _all_words(topic: SensitiveTopic) -> set[str]:
    return {word for several in topic.words.values() for word in several}


def _listed(sign: str, names: set[str]) -> Iterator[str]:
    ordered = sorted(names, key=str.casefold)
    yield from (f"{sign}{name}" for name in ordered[:MAX_WORDS_NAMED])
    if len(ordered) > MAX_WORDS_NAMED:
        yield f"{sign}{len(ordered) - MAX_WORDS_NAMED} …"


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
