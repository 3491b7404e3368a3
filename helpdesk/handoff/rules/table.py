"""The one visible table: for each reason a switch, thresholds with unit and range, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from helpdesk.handoff.rules.topics import TOPICS
from helpdesk.handoff.sensitive_topics import SensitiveTopic
from store.triggers import TriggerKind


class RuleAction(StrEnum):
    """What a rule does when it applies."""

    HAND_OVER = "hand_over"
    OFFER = "offer"


class Unit(StrEnum):
    """What a threshold counts; words for it are in `describing`."""

    TIMES = "times"
    LINES = "lines"
    SHARE = "share"  # 0 to 1
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that an admin may change, from `low` to `high`."""

    name: str
    default: float
    low: float
    high: float
    unit: Unit

    @property
    def is_whole(self) -> bool:
        """Counts have no decimals."""
        return self.unit is not Unit.SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What can be set for a reason, and how it is set out of the box."""

    kind: TriggerKind
    thresholds: tuple[Threshold, ...] = ()
    does: RuleAction = RuleAction.HAND_OVER
    on: bool = True


def _times(name: str, default: int, low: int, high: int) -> Threshold:
    return Threshold(name=name, default=default, low=low, high=high, unit=Unit.TIMES)


def _lines(name: str, default: int, low: int, high: int) -> Threshold:
    return Threshold(name=name, default=default, low=low, high=high, unit=Unit.LINES)


def _share(name: str, default: float, low: float = 0.0, high: float = 1.0) -> Threshold:
    return Threshold(name=name, default=default, low=low, high=high, unit=Unit.SHARE)


SPECS: tuple[Spec, ...] = (
    Spec(kind=TriggerKind.ASKED),
    Spec(kind=TriggerKind.SENSITIVE),
    Spec(kind=TriggerKind.RULE),
    Spec(kind=TriggerKind.IMPORTANT, thresholds=(_times("misses", 1, 0, 5),)),
    Spec(
        kind=TriggerKind.FRUSTRATION,
        thresholds=(_share("level", 0.5, 0.1), _lines("lines", 2, 1, 10), _share("at_once", 0.75, 0.1)),
    ),
    Spec(kind=TriggerKind.REPETITION, thresholds=(_times("times", 3, 2, 10), _share("similarity", 0.88, 0.5))),
    Spec(kind=TriggerKind.NOT_HELPFUL, thresholds=(_times("times", 2, 1, 10),)),
    Spec(kind=TriggerKind.NOT_FOUND, thresholds=(_times("times", 2, 1, 10),)),
    Spec(
        kind=TriggerKind.LOW_CONFIDENCE,
        thresholds=(_times("times", 2, 1, 10), _share("confidence", 0.35)),
        does=RuleAction.OFFER,
    ),
    Spec(
        kind=TriggerKind.COMPLEXITY,
        thresholds=(
            Threshold(name="story", default=60, low=20, high=500, unit=Unit.WORDS),
            _times("questions", 4, 2, 20),
            _lines("back_and_forth", 6, 3, 100),
            _times("contradictions", 2, 1, 10),
        ),
    ),
    Spec(kind=TriggerKind.ABUSE, thresholds=(_share("level", 0.7, 0.1), _times("after_limits", 1, 1, 5))),
    Spec(kind=TriggerKind.COMPLAINT, does=RuleAction.OFFER),
    Spec(kind=TriggerKind.BOT_UNAVAILABLE),
)
_BY_KIND = {spec.kind: spec for spec in SPECS}


def spec_of(kind: TriggerKind) -> Spec:
    """What can be set for a reason. Raises `KeyError` for reasons that no rule decides (an agent took it, limbo)."""
    return _BY_KIND[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRule:
    """One line of the table as it is set. `thresholds` has every threshold of the reason's `Spec`."""

    kind: TriggerKind
    on: bool
    does: RuleAction
    thresholds: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """A threshold by its name."""
        return self.thresholds[name]

    def as_json(self) -> dict[str, Any]:
        """Switch, effect and thresholds."""
        return {"on": self.on, "does": str(self.does), **_plain(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopBudget:
    """How often the bot may try one matter in all (2: once more after the first return), and who gets it then.

    `similarity` is from when on two requests are the same matter.
    """

    tries: int = 2
    same_agent: bool = True
    similarity: float = 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The whole table. `person_categories` always go to a person, by the category of the article that answers."""

    rules: tuple[HandoffRule, ...]
    sensitive: tuple[SensitiveTopic, ...] = TOPICS
    person_categories: tuple[str, ...] = ()
    loop: LoopBudget = field(default_factory=LoopBudget)

    def __getitem__(self, kind: TriggerKind) -> HandoffRule:
        """The line of a reason."""
        return next(rule for rule in self.rules if rule.kind == kind)

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out; `read_rules` reads it."""
        return {
            "rules": {str(rule.kind): rule.as_json() for rule in self.rules},
            "sensitive": [_topic_as_json(topic) for topic in self.sensitive],
            "person_categories": list(self.person_categories),
            "loop": {
                "tries": self.loop.tries,
                "same_agent": self.loop.same_agent,
                "similarity": self.loop.similarity,
            },
        }


def default_rule(spec: Spec) -> HandoffRule:
    """A line as it is out of the box."""
    thresholds = {threshold.name: threshold.default for threshold in spec.thresholds}
    return HandoffRule(kind=spec.kind, on=spec.on, does=spec.does, thresholds=thresholds)


DEFAULT_RULES = Rules(rules=tuple(default_rule(spec) for spec in SPECS))


def _plain(rule: HandoffRule) -> dict[str, float]:
    whole = {each.name for each in spec_of(rule.kind).thresholds if each.is_whole}
    return {name: int(value) if name in whole else float(value) for name, value in rule.thresholds.items()}


def _topic_as_json(topic: SensitiveTopic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "de": topic.de,
        "en": topic.en,
        "words": {language: list(words) for language, words in topic.words.items()},
        "except": list(topic.except_),
        "on": topic.on,
        "at_once": topic.at_once,
        "first": topic.first,
    }
