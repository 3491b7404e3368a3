"""The judgement on one line of the contact: which rules apply, and what is to be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from helpdesk.handoff.rules.context import RuleContext, build_context, has_substance
from helpdesk.handoff.rules.decision import Act, Circumstances, Decision, LineMood, PastHandoff
from helpdesk.handoff.rules.loop_budget import RepeatedMatter, matter_of
from helpdesk.handoff.rules.reasons import FINDERS, RuleReason
from helpdesk.handoff.rules.table import SPECS, Rules
from store.triggers import Trigger, TriggerKind

CONTACTS_CHOICE = frozenset(
    {
        TriggerKind.IMPORTANT,
        TriggerKind.FRUSTRATION,
        TriggerKind.REPETITION,
        TriggerKind.NOT_HELPFUL,
        TriggerKind.NOT_FOUND,
        TriggerKind.LOW_CONFIDENCE,
        TriggerKind.COMPLEXITY,
        TriggerKind.COMPLAINT,
    }
)
"""Reasons for which the contact decides whether a person comes."""
_STRENGTH = {act: strength for strength, act in enumerate(Act)}


def decide(
    said: Sequence[DialogueLine], moods: Sequence[LineMood], rules: Rules, circumstances: Circumstances | None = None
) -> Decision:
    """What to do with the contact's last line, from it and what came before it.

    `said` is the log in order up to that line or further; `moods` has the mood of each line of the contact, as far
    as it is known. The time does not grow with the length of the log.
    """
    scene = build_context(said, moods, rules, circumstances or Circumstances())
    if scene is None:
        return Decision()
    matter = matter_of(scene)
    reasons = _heeding([*_again(scene, matter), *_applying(scene)], scene)
    reasons = _weighed(reasons, scene)
    act = max((reason.act for reason in reasons), key=_STRENGTH.__getitem__, default=Act.NONE)
    if act is Act.OFFER and _was_offered(scene):
        act = Act.NONE
    return _decision(act, [reason for reason in reasons if reason.act is act], scene, matter)


def decide_each(
    said: Sequence[DialogueLine],
    moods: Sequence[LineMood],
    rules: Rules,
    circumstances: Circumstances | None = None,
    topics: Mapping[int, str] | None = None,
) -> Iterator[tuple[DialogueLine, Decision]]:
    """The decision on each line of the contact of a finished dialogue, each only from what came before and with it.

    After a handoff the decisions are `NONE` until an agent has answered and the bot speaks again. `topics` are the
    categories of the articles that answered, by the `seq` of the contact's line.
    """
    known = circumstances or Circumstances()
    categories = topics or {}
    by_seq = {mood.seq: mood for mood in moods}
    felt: list[LineMood] = []
    asked: PastHandoff | None = None
    is_bots = True
    for number, line in enumerate(said):
        if line.author == AGENT:
            is_bots = False
            known = replace(known, since_seq=line.seq)
        elif line.author == BOT and not is_bots and known.since_seq >= 0:
            is_bots = True
            if asked is not None:
                known = replace(known, earlier=(*known.earlier, replace(asked, ended_seq=known.since_seq)))
            asked = None
        elif line.author == CONTACT:
            if line.seq in by_seq:
                felt.append(by_seq[line.seq])
            decision = Decision()
            if is_bots and asked is None:
                here = replace(known, topic=categories.get(line.seq, known.topic))
                decision = decide(said[max(0, number - 100) : number + 1], felt, rules, here)
                known = _remember(known, line, decision)
                asked = _as_earlier(line) if decision.act is Act.HAND_OVER else None
            yield line, decision


def _applying(scene: RuleContext) -> Iterator[RuleReason]:
    for spec in SPECS:
        rule = scene.rules[spec.kind]
        if rule.on and (reason := FINDERS[spec.kind](scene, rule)):
            yield reason


def _again(scene: RuleContext, matter: RepeatedMatter) -> Iterator[RuleReason]:
    """A matter that was with a person: the bot's tries are counted over all handoffs."""
    tried = len(matter.handoffs) + len(matter.tries)
    if matter.handoffs and has_substance(scene.last) and tried >= scene.rules.loop.tries:
        turns = (*(line.seq for line in matter.tries), scene.last.seq)
        trigger = Trigger(kind=TriggerKind.REPETITION, turns=turns, text=scene.last.text.strip())
        yield RuleReason(act=Act.HAND_OVER, trigger=trigger, figures={"again": True, "tries": tried})


def _weighed(reasons: list[RuleReason], scene: RuleContext) -> list[RuleReason]:
    """Each reason once, the first of its kind; an insult that meets its limit is not at the same time a frustration.

    Unless the bot has tried, and words of the line show more than the insult: whoever is furious about a matter gets a
    person for it, not a lesson in manners.
    """
    once = {reason.trigger.kind: reason for reason in reversed(reasons)}
    annoyed = once.get(TriggerKind.FRUSTRATION)
    if annoyed and TriggerKind.ABUSE in once and once[TriggerKind.ABUSE].act is Act.LIMIT:
        is_about_a_matter = bool(scene.replies) and any(letter.isalpha() for letter in annoyed.trigger.text)
        if not is_about_a_matter:
            once.pop(TriggerKind.FRUSTRATION)
    return [reason for reason in reasons if once.get(reason.trigger.kind) is reason]


def _heeding(reasons: list[RuleReason], scene: RuleContext) -> list[RuleReason]:
    """The reasons; to whoever said that no person is wanted, one is only offered for what the bot could not do.

    What was asked for, and what must not wait for a word of the contact's, stays as it is.
    """
    if not any(reason.act is Act.HAND_OVER and reason.trigger.kind in CONTACTS_CHOICE for reason in reasons):
        return reasons
    if not scene.wants_nobody:
        return reasons
    return [
        replace(reason, act=Act.OFFER)
        if reason.act is Act.HAND_OVER and reason.trigger.kind in CONTACTS_CHOICE
        else reason
        for reason in reasons
    ]


def _was_offered(scene: RuleContext) -> bool:
    offered = scene.circumstances.offered_seq
    return offered is not None and offered > scene.circumstances.since_seq


def _decision(act: Act, reasons: list[RuleReason], scene: RuleContext, matter: RepeatedMatter) -> Decision:
    return Decision(
        act=act,
        triggers=tuple(reason.trigger for reason in reasons),
        round=len(matter.handoffs) + 1,
        prefer=matter.agent if scene.rules.loop.same_agent else None,
        first=next((reason.first for reason in reasons if reason.first), None),
        signals={str(reason.trigger.kind): dict(reason.figures) for reason in reasons},
    )


def _remember(known: Circumstances, line: DialogueLine, decision: Decision) -> Circumstances:
    if decision.act is Act.LIMIT:
        return replace(known, limited_seq=line.seq)
    return replace(known, offered_seq=line.seq) if decision.act is Act.OFFER else known


def _as_earlier(line: DialogueLine) -> PastHandoff:
    return PastHandoff(ended_seq=line.seq, article=line.article, text=line.text, meaning=line.meaning)
