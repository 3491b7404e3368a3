"""The figures of a run: by language and kind, the held third apart, how often a person was called without need."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.dialogues.judgement import Judgement, Verdict, judge
from benchmarks.dialogues.message_set import CustomerMessage
from benchmarks.dialogues.observation import TurnObservation
from benchmarks.measures import percentile

HEAD = "| {name} | messages | right | half | wrong | absurd or rude | silent |\n|---|---|---|---|---|---|---|"
LATE = 10.0  # seconds within which something visible should have happened
NAMES = {"de": "German", "en": "English"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMessage:
    """A message, what came of it, and the verdict."""

    message: CustomerMessage
    seen: TurnObservation
    judgement: Judgement

    @property
    def is_over_escalated(self) -> bool:
        """Whether a person was called although nothing that was expected calls one."""
        return self.seen.is_handed_over and "person" not in self.message.outcomes


def judge_all(messages: Sequence[CustomerMessage], seen: Sequence[TurnObservation]) -> list[JudgedMessage]:
    """The verdicts on one conversation."""
    found: list[JudgedMessage] = []
    for number, (message, observed) in enumerate(zip(messages, seen, strict=True)):
        judgement = judge(
            message,
            observed,
            before=messages[:number],
            joined=number + 1 < len(messages) and messages[number + 1].quick,
            was_right=not found or found[-1].judgement.verdict is Verdict.RIGHT,
        )
        found.append(JudgedMessage(message=message, seen=observed, judgement=judgement))
    return found


def tables(judged: Sequence[JudgedMessage]) -> str:
    """All figures in Markdown."""
    return "\n\n".join([totals(judged), by_kind(judged), over_escalation(judged), waits(judged)])


def totals(judged: Sequence[JudgedMessage]) -> str:
    """By language, and the held third apart."""
    rows = [
        *(_row(name, [one for one in judged if one.message.language == language]) for language, name in NAMES.items()),
        _row("both", judged),
        _row("the two thirds whose misses were read", [one for one in judged if not one.message.held]),
        _row("the third that was held back", [one for one in judged if one.message.held]),
    ]
    return "\n".join([HEAD.format(name=""), *rows])


def by_kind(judged: Sequence[JudgedMessage]) -> str:
    """By kind of message, in order of the alphabet."""
    kinds = sorted({one.message.kind for one in judged})
    rows = (_row(kind, [one for one in judged if one.message.kind == kind]) for kind in kinds)
    return "\n".join([HEAD.format(name="kind"), *rows])


def over_escalation(judged: Sequence[JudgedMessage]) -> str:
    """How many messages called a person without need."""
    found = [one for one in judged if one.is_over_escalated]
    share = len(found) / len(judged) if judged else 0.0
    named = ", ".join(f"{one.message.conversation} “{one.message.say[:50]}”" for one in found)
    return f"A person called without need: {len(found)} of {len(judged)} messages ({share:.1%}). {named}".strip()


def waits(judged: Sequence[JudgedMessage]) -> str:
    """How long the replies took: of no meaning on a machine that has much else to do."""
    seconds = [one.seen.seconds for one in judged if one.seen.seconds is not None]
    late = sum(each > LATE for each in seconds)
    middle = percentile(seconds, 0.5) if seconds else 0.0
    return f"Replies took {middle:.1f} s (p50); {late} of {len(seconds)} took longer than {LATE:.0f} s."


def misses(judged: Iterable[JudgedMessage]) -> Iterator[str]:
    """A line for each that is not right."""
    for one in judged:
        message, judgement = one.message, one.judgement
        if judgement.verdict is not Verdict.RIGHT:
            head = f"- {judgement.verdict}: {message.conversation} [{message.kind}] “{message.say}”"
            yield f"{head} — expected: {message.words} Seen: {judgement.why}"


def unknown_words(judged: Iterable[JudgedMessage]) -> Iterator[str]:
    """What was said and is not in the table of sentences: its effect is not judged."""
    yield from sorted({line.splitlines()[0] for one in judged for line in one.seen.unknown_lines if line.strip()})


def _row(name: str, judged: Sequence[JudgedMessage]) -> str:
    counts = Counter(one.judgement.verdict for one in judged)
    return f"| {name} | {len(judged)} | " + " | ".join(_share(counts[each], len(judged)) for each in Verdict) + " |"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if part else "–"
