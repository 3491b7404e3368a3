"""The reasons, one function each: what in a scene makes its rule apply, with the words that show it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.handoff.dialogue import Said
from helpdesk.handoff.rules.answers import bot_missed, says_not_helpful
from helpdesk.handoff.rules.decision import Act
from helpdesk.handoff.rules.likeness import are_alike
from helpdesk.handoff.rules.scene import Scene, has_substance
from helpdesk.handoff.rules.table import Does, Rule
from helpdesk.handoff.sensitive import find_topics
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.handoff.wish import find_wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule that applies: what it does, its evidence, and the figures behind it."""

    act: Act
    trigger: Trigger
    figures: Mapping[str, Any] = field(default_factory=dict)
    first: str | None = None


type Finder = Callable[[Scene, Rule], Reason | None]

_ACTS = {Does.HAND_OVER: Act.HAND_OVER, Does.OFFER: Act.OFFER}
_QUESTION = re.compile(r"[^.!?\n]*\?")
_WORD = re.compile(r"\w+")


def asked(scene: Scene, rule: Rule) -> Reason | None:
    """The contact asks for a person."""
    wish = find_wish(scene.last.text, scene.last.language, intent=scene.last.intent)
    return _because(rule, (scene.last,), text=wish.text, wish=str(wish.kind)) if wish else None


def sensitive(scene: Scene, rule: Rule) -> Reason | None:
    """A topic of the list is named. The first of the list counts."""
    touched = find_topics(scene.last.text, scene.rules.sensitive)
    if not touched:
        return None
    topic = touched[0].topic
    act = _ACTS[rule.does] if topic.at_once else Act.OFFER
    figures = {"topic": topic.name, "de": topic.de, "en": topic.en}
    trigger = Trigger(kind=rule.kind, turns=(scene.last.seq,), text=touched[0].text)
    return Reason(act=act, trigger=trigger, figures=figures, first=topic.first)


def category(scene: Scene, rule: Rule) -> Reason | None:
    """What is asked belongs to a category that the admin keeps for people."""
    topic = scene.circumstances.topic
    return _because(rule, (scene.last,), topic=topic) if topic in scene.rules.person_categories else None


def important(scene: Scene, rule: Rule) -> Reason | None:
    """An important contact, and the bot could not help."""
    missed = [line for line in scene.substance if _was_missed(line, scene) or _was_no_help(line)]
    enough = len(missed) >= rule["misses"] and has_substance(scene.last)
    return _because(rule, tuple(missed), count=len(missed)) if scene.circumstances.important and enough else None


def frustration(scene: Scene, rule: Rule) -> Reason | None:
    """Annoyance that has built up over lines, or is plain in one."""
    course = [scene.felt[line.seq] for line in scene.own if line.seq in scene.felt]
    if not course or course[-1].seq != scene.last.seq or course[-1].frustration < rule["level"]:
        return None
    high = [mood for mood in course if mood.frustration >= rule["level"]]
    if len(high) < rule["lines"] and course[-1].frustration < rule["at_once"]:
        return None
    levels = [round(course[0].frustration, 2), round(course[-1].frustration, 2)]
    shown = next((sign.text for sign in course[-1].shown_by if sign.seq == scene.last.seq), "")
    trigger = Trigger(kind=rule.kind, turns=tuple(mood.seq for mood in high), text=shown)
    return Reason(act=_ACTS[rule.does], trigger=trigger, figures={"course": levels})


def repetition(scene: Scene, rule: Rule) -> Reason | None:
    """The same request again although the bot has replied to it."""
    if not has_substance(scene.last):
        return None
    before = [
        line
        for line in scene.substance
        if line.seq in scene.replies and are_alike(line, scene.last, rule["similarity"])
    ]
    alike = (*(line for line in before if line is not scene.last), scene.last)
    return _because(rule, alike, count=len(alike)) if len(alike) >= rule["times"] else None


def not_helpful(scene: Scene, rule: Rule) -> Reason | None:
    """The contact said of answers that they did not help."""
    said = [line for line in scene.own if _was_no_help(line)]
    if not said or said[-1] is not scene.last or len(said) < rule["times"]:
        return None
    return _because(rule, tuple(said), text=says_not_helpful(scene.last.text) or "", count=len(said))


def not_found(scene: Scene, rule: Rule) -> Reason | None:
    """Several requests in a row without an answer."""
    missed = _last_in_a_row(scene, lambda line: _was_missed(line, scene))
    return _because(rule, missed, count=len(missed)) if len(missed) >= rule["times"] else None


def low_confidence(scene: Scene, rule: Rule) -> Reason | None:
    """Several requests in a row that the bot was not sure about."""
    unsure = _last_in_a_row(scene, lambda line: line.confidence is not None and line.confidence < rule["confidence"])
    return _because(rule, unsure, count=len(unsure)) if len(unsure) >= rule["times"] else None


def complexity(scene: Scene, rule: Rule) -> Reason | None:
    """A story that no article fits, several open questions, or a long back and forth."""
    if not has_substance(scene.last):
        return None
    why = [name for name, holds in _complications(scene, rule) if holds]
    return _because(rule, (scene.last,), why=why) if why else None


def abuse(scene: Scene, rule: Rule) -> Reason | None:
    """Insults: a limit first, then what the rule says."""
    abusive = [line for line in scene.own if line.seq in scene.felt and scene.felt[line.seq].abuse >= rule["level"]]
    if not abusive or abusive[-1] is not scene.last:
        return None
    limited = scene.circumstances.limited_seq
    after = [line for line in abusive if limited is not None and line.seq > limited]
    act = _ACTS[rule.does] if len(after) >= rule["after_limits"] else Act.LIMIT
    shown = next((sign.text for sign in scene.felt[scene.last.seq].shown_by if sign.kind == "abuse"), "")
    trigger = Trigger(kind=rule.kind, turns=tuple(line.seq for line in abusive), text=shown)
    return Reason(act=act, trigger=trigger, figures={"count": len(abusive)})


def complaint(scene: Scene, rule: Rule) -> Reason | None:
    """The bot took the line for a complaint."""
    return _because(rule, (scene.last,), text=scene.last.text) if scene.last.intent == "complaint" else None


def bot_unavailable(scene: Scene, rule: Rule) -> Reason | None:
    """The bot gave no answer."""
    return _because(rule, (scene.last,), text="") if scene.circumstances.bot_failed else None


FINDERS: Mapping[TriggerKind, Finder] = {
    TriggerKind.ASKED: asked,
    TriggerKind.SENSITIVE: sensitive,
    TriggerKind.RULE: category,
    TriggerKind.IMPORTANT: important,
    TriggerKind.FRUSTRATION: frustration,
    TriggerKind.REPETITION: repetition,
    TriggerKind.NOT_HELPFUL: not_helpful,
    TriggerKind.NOT_FOUND: not_found,
    TriggerKind.LOW_CONFIDENCE: low_confidence,
    TriggerKind.COMPLEXITY: complexity,
    TriggerKind.ABUSE: abuse,
    TriggerKind.COMPLAINT: complaint,
    TriggerKind.BOT_UNAVAILABLE: bot_unavailable,
}


def _because(rule: Rule, lines: tuple[Said, ...], *, text: str | None = None, **figures: Any) -> Reason:
    shown = lines[-1].text.strip() if text is None and lines else text or ""
    trigger = Trigger(kind=rule.kind, turns=tuple(line.seq for line in lines), text=shown)
    return Reason(act=_ACTS[rule.does], trigger=trigger, figures=figures)


def _was_missed(line: Said, scene: Scene) -> bool:
    if line.outcome is not None:
        return line.outcome == "none"
    reply = scene.replies.get(line.seq)
    return reply is not None and bot_missed(reply.text)


def _was_no_help(line: Said) -> bool:
    return line.helpful is False or bool(line.helpful is None and says_not_helpful(line.text))


def _last_in_a_row(scene: Scene, holds: Callable[[Said], bool]) -> tuple[Said, ...]:
    """The newest lines of substance in a row for which it holds. The last one may still be open."""
    if not has_substance(scene.last):
        return ()
    row: list[Said] = []
    for line in reversed(scene.substance):
        if holds(line):
            row.append(line)
        elif line is not scene.last or line.outcome is not None:
            break
    return tuple(reversed(row))


def _complications(scene: Scene, rule: Rule) -> Iterator[tuple[str, bool]]:
    unanswered = scene.last.outcome in (None, "none") and scene.last.article is None
    yield "story", unanswered and len(_WORD.findall(scene.last.text)) >= rule["story"]
    asked_in_one = len(_QUESTION.findall(scene.last.text)) if unanswered else 0
    still_open = sum(article is None for _, article in scene.last.parts)
    yield "questions", max(asked_in_one, still_open) >= rule["questions"]
    yield "back_and_forth", len(scene.substance) >= rule["back_and_forth"]
