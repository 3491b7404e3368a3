"""Whether what came of a message is right: facts of the reply against what was expected before the first run. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.dialogues.message_set import CustomerMessage, NeverRule, WantedOutcome, articles_by_topic
from benchmarks.dialogues.observation import TurnObservation

HOURS_ARTICLES = frozenset({"contact", "shop"})
STATE_ARTICLES = frozenset({"order-status", "delivery-status"})
NUMBERS = frozenset({"identifier", "number"})
NOT_TAKEN_UP = frozenset({"greeting", "not-understood", "limit", "small-talk", "robot", "goodbye", "language-note"})
NO_ANSWER = frozenset({"limit", "not-understood", "person-offered"})
"""What is right to say about what the shop has no answer to."""
LANGUAGES = {"german": "de", "english": "en"}


class Verdict(StrEnum):
    """How a reply is judged."""

    RIGHT = "right"
    HALF = "half"
    WRONG = "wrong"
    ABSURD = "absurd"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one message; `why` names what was seen."""

    verdict: Verdict
    why: str


def judge(
    message: CustomerMessage,
    seen: TurnObservation,
    *,
    before: Sequence[CustomerMessage] = (),
    joined: bool = False,
    was_right: bool = True,
) -> Judgement:
    """The verdict. `before` are the conversation's earlier messages, `joined` says that the next one came at once.

    `was_right` is the verdict on the message before: an edit may be passed over only if that had its answer.
    """
    if seen.seconds is None:
        if joined or ("quiet" in message.outcomes and (was_right or not message.edit)):
            return Judgement(verdict=Verdict.RIGHT, why="nothing, and nothing was needed")
        return Judgement(verdict=Verdict.SILENT, why="nothing")
    shown = describe(seen)
    if hit := next(iter(hits(message, seen)), None):
        return Judgement(verdict=Verdict.ABSURD, why=f"never: {hit}; {shown}")
    wanted = (each for each in message.expects if each.outcome != "quiet" or was_right or not message.edit)
    best = max((_degree(each, message, seen, before) for each in wanted), default=0.0)
    if best < 1 and _has_no_article(message) and seen.outcomes & NO_ANSWER and not seen.said:
        best = 1.0
    verdict = Verdict.RIGHT if best == 1 else Verdict.HALF if best > 0 else Verdict.WRONG
    return Judgement(verdict=verdict, why=shown)


def describe(seen: TurnObservation) -> str:
    """The facts of a reply in one line."""
    parts = [f"said {key}" for key in sorted(seen.said)]
    parts += [f"offered {key}" for key in sorted(seen.offered)]
    parts += sorted(seen.outcomes) or ([] if parts else ["other words"])
    parts += [f"now {seen.status}"] if seen.status != seen.was else []
    return ", ".join(parts)


def hits(message: CustomerMessage, seen: TurnObservation) -> Iterator[str]:
    """The rules of `never` that the reply breaks."""
    yield from (f"{each.rule} {each.topic or ''}".strip() for each in message.never if _breaks(each, seen))
    if "boundary" in seen.outcomes and not message.outcomes & {"boundary", "limit"}:
        yield "asked to be friendly"
    if "safety" in seen.outcomes and "safety" not in message.outcomes:
        yield "a word of safety"


def _breaks(never: NeverRule, seen: TurnObservation) -> bool:
    match never.rule:
        case "feelings":
            return seen.claims_feeling
        case "handoff" | "handoff-twice":
            return seen.is_handed_over
        case "german" | "english":
            return LANGUAGES[never.rule] in seen.languages
        case "repeat":
            return bool(seen.again)
        case "close":
            return seen.status == "resolved" != seen.was
        case "danger":
            return seen.in_danger or "safety" in seen.outcomes
        case "answer":
            return bool(seen.said & articles_by_topic()[never.topic] if never.topic else seen.said)
        case "hours":
            return "hours" in seen.outcomes or bool(seen.said & HOURS_ARTICLES)
        case "greeting-only" | "robot-only" | "company-only":
            return not seen.said and seen.outcomes == {never.rule.removesuffix("-only")}
        case rule:
            return rule in seen.outcomes


def _degree(
    wanted: WantedOutcome, message: CustomerMessage, seen: TurnObservation, before: Sequence[CustomerMessage]
) -> float:
    match wanted.outcome:
        case "answer":
            return _answered(wanted, seen)
        case "choices" if message.answers:  # they count by the answer that they lead to
            return 0.0
        case "hours":
            return 1.0 if "hours" in seen.outcomes else 0.5 * bool(seen.said & HOURS_ARTICLES)
        case "lookup":
            by_article = message.kind in NUMBERS and seen.said & STATE_ARTICLES
            return float("lookup" in seen.outcomes or bool(by_article))
        case "person":
            return float(seen.is_handed_over or seen.status in {"queued", "assigned"})
        case "takes-up":
            return float(_is_taken_up(message, seen, before))
        case "company":
            return float("company" in seen.outcomes and _is_on_the_matter(message, seen, before))
        case outcome:
            return float(outcome in seen.outcomes)


def _answered(wanted: WantedOutcome, seen: TurnObservation) -> float:
    topics = articles_by_topic()
    found = [bool(seen.said & topics[topic]) for topic in wanted.topics]
    if all(found):
        return 1.0
    return 0.5 if any(found) or _leads_to(wanted, seen.offered) else 0.0


def _leads_to(wanted: WantedOutcome, offered: frozenset[str]) -> bool:
    return any(articles_by_topic()[topic] & offered for topic in wanted.topics)


def _has_no_article(message: CustomerMessage) -> bool:
    topics = [topic for wanted in message.answers for topic in wanted.topics]
    return bool(topics) and not any(articles_by_topic()[topic] for topic in topics)


def _is_taken_up(message: CustomerMessage, seen: TurnObservation, before: Sequence[CustomerMessage]) -> bool:
    return not seen.outcomes & NOT_TAKEN_UP and _is_on_the_matter(message, seen, before)


def _is_on_the_matter(message: CustomerMessage, seen: TurnObservation, before: Sequence[CustomerMessage]) -> bool:
    """Whether no article was said, or one on a topic that the conversation is about."""
    topics = articles_by_topic()
    matter = {
        key for one in (*before, message) for each in one.answers for topic in each.topics for key in topics[topic]
    }
    return not seen.said or bool(seen.said & matter)
