"""What two sets of rules make of one conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules import Act, Circumstances, Decision, Rules, decide_each
from helpdesk.handoff.rules.decision import LineMood
from helpdesk.rule_admin.rule_trial.past_conversations import PastConversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The first line on which a conversation would go to a person, and why."""

    line: DialogueLine
    decision: Decision


class VerdictChange(StrEnum):
    """What other rules change about one conversation."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"  # it goes over with both, but on another line
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictComparison:
    """One conversation that goes over with one of the two sets of rules at least."""

    conversation_id: str
    change: VerdictChange
    before: Verdict | None
    after: Verdict | None


def compare(
    past: PastConversation, moods: Sequence[LineMood], before: Rules, after: Rules
) -> tuple[VerdictComparison | None, tuple[bool, bool]]:
    """What the two sets of rules make of one conversation, and whether a person would only be offered in it."""
    was, was_offered = verdict(past, moods, before)
    then, then_offered = (was, was_offered) if before == after else verdict(past, moods, after)
    offered = (was is None and was_offered, then is None and then_offered)
    if was is None and then is None:
        return None, offered
    change = _change(was, then)
    return VerdictComparison(conversation_id=past.conversation_id, change=change, before=was, after=then), offered


def verdict(past: PastConversation, moods: Sequence[LineMood], rules: Rules) -> tuple[Verdict | None, bool]:
    """The first handoff of a conversation by these rules, and whether a person was offered before or instead."""
    offered = False
    circumstances = Circumstances(important=past.important)
    for line, decision in decide_each(past.said, moods, rules, circumstances, past.topics):
        if decision.act is Act.HAND_OVER:
            return Verdict(line=line, decision=decision), offered
        offered = offered or decision.act is Act.OFFER
    return None, offered


def _change(before: Verdict | None, after: Verdict | None) -> VerdictChange:
    if before is None:
        return VerdictChange.NEW
    if after is None:
        return VerdictChange.GONE
    return VerdictChange.SAME if before.line.seq == after.line.seq else VerdictChange.MOVED
