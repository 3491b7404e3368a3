"""The reasons, one function each: what in a scene makes its rule apply, with the words that show it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from helpdesk.handoff.dialogue import BOT, DialogueLine
from helpdesk.handoff.mood import ABUSIVE, SignKind, shows_feeling
from helpdesk.handoff.rules.answers import agrees, bot_missed, says_not_helpful, takes_offer, times_said
from helpdesk.handoff.rules.context import RuleContext, has_substance, once_a_turn
from helpdesk.handoff.rules.decision import Act, MoodEvidence
from helpdesk.handoff.rules.facts import contradictions
from helpdesk.handoff.rules.similarity import are_alike, is_near, overlap, words_of
from helpdesk.handoff.rules.table import HandoffRule, RuleAction
from helpdesk.handoff.rules.topics import TOPICS
from helpdesk.handoff.rules.touched_topics import touched_topics
from helpdesk.handoff.summary.sentences import sentences_of
from helpdesk.handoff.summary.vocabulary import COURTESY
from helpdesk.handoff.wish import Wish, find_wish
from store.triggers import Trigger, TriggerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReason:
    """A rule that applies: what it does, its evidence, and the figures behind it."""

    act: Act
    trigger: Trigger
    figures: Mapping[str, Any] = field(default_factory=dict)
    first: str | None = None


type Finder = Callable[[RuleContext, HandoffRule], RuleReason | None]

_ACTS = {RuleAction.HAND_OVER: Act.HAND_OVER, RuleAction.OFFER: Act.OFFER}
_QUESTION = re.compile(r"[^.!?\n]*\?")
ASK_CALLBACK = "ask_callback"
PRESENCE = frozenset({"presence", "opening_hours"})
"""The bot's intents of who asks whether and when somebody is there."""
_WORD = re.compile(r"\w+")
NO_HELP = frozenset({SignKind.UNHELPED, SignKind.NOT_HELPFUL})
SAME_REPLY = 0.9  # share of the words of two replies
LOOKUP = "lookup"
"""The bot's intent of who asks for what a connected service knows."""
MAX_PRESENCE_WORDS = 8  # of a line that asks nothing but whether somebody is there
RECENT = 6  # lines of the contact
FURIOUS = 0.9  # frustration of a first line that needs no second one
IMPATIENT = 0.35  # frustration with which a second miss is one too many
STUCK = 0.7  # frustration with which a long dialogue is not merely long


def asked(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """The contact asks for a person, in whichever of the lines that nobody has answered, or takes the offer of one."""
    before = scene.before
    if before is not None and before.author == BOT and takes_offer(before.text, scene.last.text):
        return _because(rule, (scene.last,))
    for line in scene.unanswered:
        if line.intent == ASK_CALLBACK or line.answers_question:  # the bot agrees the call itself
            continue
        if wish := _wish_in(line):
            return _because(rule, (line,), text=wish.text, wish=str(wish.kind))
    return None


def _wish_in(line: DialogueLine) -> Wish | None:
    """The wish for a person, beside what the bot has understood and answers itself.

    "Is anybody there?" asks who is there and when; "could you check on my order for me?" asks for the look-up, unless
    the words themselves name a person.
    """
    said = [sentence for sentence in sentences_of(line) if sentence.content - COURTESY]
    is_brief = len(_WORD.findall(line.text)) <= MAX_PRESENCE_WORDS and len(said) <= 1
    if line.intent in PRESENCE and is_brief:
        return None
    meaning = None if line.intent == LOOKUP else line.meaning
    return find_wish(line.text, line.language, intent=line.intent, meaning=meaning)


def sensitive(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """A topic of the list is named, or harm is told of in whatever words. The first of the list counts."""
    touched = [(match, line) for line in scene.unanswered for match in touched_topics(line, scene.rules.sensitive)]
    if not touched:
        return None
    order = [topic.name for topic in TOPICS]
    match, line = min(touched, key=lambda each: order.index(each[0].topic.name) if each[0].topic.name in order else -1)
    topic = match.topic
    act = _ACTS[rule.does] if topic.at_once else Act.OFFER
    figures = {"topic": topic.name, "de": topic.de, "en": topic.en}
    trigger = Trigger(kind=rule.kind, turns=(line.seq,), text=match.text)
    return RuleReason(act=act, trigger=trigger, figures=figures, first=topic.first)


def category(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """What is asked belongs to a category that the admin keeps for people."""
    topic = scene.circumstances.topic
    return _because(rule, (scene.last,), topic=topic) if topic in scene.rules.person_categories else None


def important(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """An important contact, and the bot could not help."""
    tried = once_a_turn(scene.substance, scene.replies)
    missed = [line for line in tried if _was_missed(line, scene) or _was_no_help(line, scene)]
    enough = len(missed) >= rule["misses"] and has_substance(scene.last)
    return _because(rule, tuple(missed), count=len(missed)) if scene.circumstances.important and enough else None


def frustration(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """Annoyance that has built up over lines, or is plain in one; plainer still before the bot has tried at all.

    The contact's own words have to show it.
    """
    if scene.is_well or (not scene.replies and scene.frustration(scene.last) < FURIOUS):
        return None
    course = [scene.felt[line.seq] for line in scene.own if line.seq in scene.felt]
    if not course or course[-1].seq != scene.last.seq or course[-1].frustration < rule["level"]:
        return None
    recent = course[-(int(rule["lines"]) + 1) :]  # one line in between may be calm
    high = [mood for mood in recent if mood.frustration >= rule["level"]]
    if len(high) < rule["lines"] and course[-1].frustration < rule["at_once"]:
        return None
    if not any(shows_feeling(mood) for mood in high):
        return None
    levels = [round(course[0].frustration, 2), round(course[-1].frustration, 2)]
    shown = next((sign.text for sign in course[-1].shown_by if _is_annoyance(sign, scene.last)), "")
    trigger = Trigger(kind=rule.kind, turns=tuple(mood.seq for mood in high), text=shown)
    return RuleReason(act=_ACTS[rule.does], trigger=trigger, figures={"course": levels})


def repetition(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """The same request again although the bot has replied to it, in other words or in the same, or so it is said.

    Whoever calmly lets it be is only offered a person: they may mean what they say.
    """
    if not has_substance(scene.last) or scene.is_well or agrees(scene.last.text):
        return None
    lines = max(_same_requests(scene, rule), _same_replies(scene), key=len)
    said = times_said(scene.last.text)
    if said and said[0] >= rule["times"] and len(lines) < said[0]:
        return _because(rule, lines, text=said[1], count=said[0])
    if len(lines) < rule["times"]:
        return None
    reason = _because(rule, lines, count=len(lines))
    return replace(reason, act=Act.OFFER) if _lets_it_be(scene) else reason


def _lets_it_be(scene: RuleContext) -> bool:
    mood = scene.felt.get(scene.last.seq)
    return bool(scene.signs(frozenset({SignKind.GIVING_UP}))) and mood is not None and not shows_feeling(mood)


def _same_requests(scene: RuleContext, rule: HandoffRule) -> tuple[DialogueLine, ...]:
    """The contact's lines that ask what the last one asks and had a reply, and the last one."""
    earlier = (line for line in scene.substance if line is not scene.last and line.seq in scene.replies)
    return (*(line for line in earlier if are_alike(line, scene.last, rule["similarity"])), scene.last)


def _same_replies(scene: RuleContext) -> tuple[DialogueLine, ...]:
    """The contact's newest lines in a row that the bot met with the same words, and the last one."""
    row: list[DialogueLine] = [scene.last]
    newest: DialogueLine | None = None
    for line in reversed(once_a_turn(scene.substance, scene.replies)):
        if line is scene.last or (reply := scene.replies.get(line.seq)) is None:
            continue
        newest = newest or reply
        if bot_missed(reply.text) or not _says_the_same(reply, newest) or _has_moved_on(scene, newest):
            break
        if "?" in reply.text and not words_of(line.text) & words_of(scene.last.text):
            break  # another answer to what the bot asks again
        row.append(line)
    return tuple(reversed(row))


def _says_the_same(one: DialogueLine, other: DialogueLine) -> bool:
    """Whether two replies read alike. Of one article, another sentence answers another question."""
    return one.short == other.short and overlap(one.text, other.text) >= SAME_REPLY


def _has_moved_on(scene: RuleContext, reply: DialogueLine) -> bool:
    """Whether the last line will get another article than that reply came from."""
    return None not in (scene.last.article, reply.article) and scene.last.article != reply.article


def not_helpful(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """The contact said of answers that they did not help; what was told before any answer says so of none."""
    answered = min((reply.seq for reply in scene.replies.values()), default=scene.last.seq)
    said = [line for line in scene.own[-RECENT:] if line.seq > answered and _was_no_help(line, scene)]
    if not said or said[-1] is not scene.last or len(said) < rule["times"]:
        return None
    return _because(rule, tuple(said), text=_no_help(scene.last, scene), count=len(said))


def not_found(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """Several requests in a row without an answer.

    Whoever asks something else in between is only offered a person, for one more time: no request was missed twice.
    """
    missed = _last_in_a_row(scene, lambda line: _was_missed(line, scene))
    if len(missed) < rule["times"]:
        return None
    reason = _because(rule, missed, count=len(missed))
    is_tried_again = len(missed) > rule["times"] or _is_asked_again(missed, scene)
    return reason if is_tried_again else replace(reason, act=Act.OFFER)


def _is_asked_again(missed: Sequence[DialogueLine], scene: RuleContext) -> bool:
    """Whether the last line asks what one before it asked, in whatever words, or shows that patience is at its end."""
    last = missed[-1]
    is_further = last is not scene.last  # of a dialogue that doesn't say what was found: one more try
    if is_further or scene.frustration(last) >= IMPATIENT or says_not_helpful(last.text):
        return True
    return any(is_near(line, last) for line in missed[:-1])


def low_confidence(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """Several requests in a row that the bot was not sure about."""
    unsure = _last_in_a_row(scene, lambda line: line.confidence is not None and line.confidence < rule["confidence"])
    return _because(rule, unsure, count=len(unsure)) if len(unsure) >= rule["times"] else None


def complexity(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """A story that no article fits, several open questions, or a long back and forth."""
    if not has_substance(scene.last):
        return None
    if scene.is_well:
        return None
    why = [name for name, holds in _complications(scene, rule) if holds]
    return _because(rule, (scene.last,), why=why) if why else None


def abuse(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """Insults: a limit first, then what the rule says."""
    abusive = [line for line in scene.own if line.seq in scene.felt and scene.felt[line.seq].abuse >= rule["level"]]
    if not abusive or abusive[-1] is not scene.last:
        return None
    limited = scene.circumstances.limited_seq
    after = [line for line in abusive if limited is not None and line.seq > limited]
    signs = [sign for sign in scene.felt[scene.last.seq].shown_by if sign.kind in ABUSIVE]
    is_threat = any(sign.kind == SignKind.THREAT for sign in signs)
    act = _ACTS[rule.does] if is_threat or len(after) >= rule["after_limits"] else Act.LIMIT
    shown = next((sign.text for sign in signs if sign.seq == scene.last.seq), "")
    trigger = Trigger(kind=rule.kind, turns=tuple(line.seq for line in abusive), text=shown)
    return RuleReason(act=act, trigger=trigger, figures={"count": len(abusive)})


def complaint(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
    """The bot took the line for a complaint."""
    return _because(rule, (scene.last,), text=scene.last.text) if scene.last.intent == "complaint" else None


def bot_unavailable(scene: RuleContext, rule: HandoffRule) -> RuleReason | None:
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


def _is_annoyance(sign: MoodEvidence, line: DialogueLine) -> bool:
    return sign.kind not in ABUSIVE and sign.seq == line.seq


def _because(
    rule: HandoffRule, lines: tuple[DialogueLine, ...], *, text: str | None = None, **figures: Any
) -> RuleReason:
    shown = lines[-1].text.strip() if text is None and lines else text or ""
    trigger = Trigger(kind=rule.kind, turns=tuple(line.seq for line in lines), text=shown)
    return RuleReason(act=_ACTS[rule.does], trigger=trigger, figures=figures)


def _was_missed(line: DialogueLine, scene: RuleContext) -> bool:
    if line.outcome is not None:
        return line.outcome == "none"
    reply = scene.replies.get(line.seq)
    return reply is not None and bot_missed(reply.text)


def _was_no_help(line: DialogueLine, scene: RuleContext) -> bool:
    return line.helpful is False or bool(line.helpful is None and _no_help(line, scene))


def _no_help(line: DialogueLine, scene: RuleContext) -> str:
    """The words that say that an answer did not help; empty where there are none."""
    if line.seq not in scene.felt:
        return says_not_helpful(line.text) or ""
    signs = scene.felt[line.seq].shown_by
    return next((sign.text for sign in signs if sign.kind in NO_HELP and sign.seq == line.seq), "") or (
        says_not_helpful(line.text) or ""
    )


def _last_in_a_row(scene: RuleContext, holds: Callable[[DialogueLine], bool]) -> tuple[DialogueLine, ...]:
    """The newest turns of substance in a row for which it holds. The last one may still be open."""
    if not has_substance(scene.last) or scene.is_well:
        return ()
    row: list[DialogueLine] = []
    for line in reversed(once_a_turn(scene.substance, scene.replies)):
        if holds(line):
            row.append(line)
        elif line is not scene.last or line.outcome is not None:
            break
    return tuple(reversed(row))


def _complications(scene: RuleContext, rule: HandoffRule) -> Iterator[tuple[str, bool]]:
    unanswered = scene.last.outcome in (None, "none") and scene.last.article is None
    yield "story", unanswered and len(_WORD.findall(scene.last.text)) >= rule["story"]
    asked_in_one = len(_QUESTION.findall(scene.last.text)) if unanswered else 0
    still_open = sum(article is None for _, article in scene.last.parts)
    yield "questions", max(asked_in_one, still_open) >= rule["questions"]
    is_stuck = bool(says_not_helpful(scene.last.text)) or scene.frustration(scene.last) >= STUCK
    yield "back_and_forth", is_stuck and len(scene.substance) >= rule["back_and_forth"]
    in_doubt = contradictions(scene.lines)
    yield "contradictions", len(in_doubt) >= rule["contradictions"]
