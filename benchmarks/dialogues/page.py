"""docs/dialogues.md: figures and whole transcripts of the run that was kept, above what is written there by hand."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.dialogues.judgement import Verdict
from benchmarks.dialogues.message_set import CustomerMessage, load_conversations
from benchmarks.dialogues.observation import ReplyLine
from benchmarks.dialogues.transcript import TranscriptTurn, load

PAGE = Path(__file__).parents[2] / "docs" / "dialogues.md"
BEGIN = "<!-- from here on built by `python -m benchmarks dialogues --keep` -->"
STATES = {"queued": "has asked for a person already", "after-hours": "nobody is there any more today"}
NAMES = {"de": "German", "en": "English"}


def write() -> None:
    """Build the page's lower part anew; what stands above it is written by hand."""
    by_hand = PAGE.read_text("utf-8").partition(BEGIN)[0]
    PAGE.write_text(by_hand + built(), "utf-8")


def built() -> str:
    """The part that is built, from the messages and the transcript."""
    messages = [each for conversation in load_conversations() for each in conversation]
    turns = load()
    assert [each.say for each in messages] == [each.say for each in turns], "the transcript is of another set"
    pairs = list(zip(messages, turns, strict=True))
    head = (BEGIN, "", *_figures(pairs), "", "### What missed", "", *_misses(pairs), "", "### The transcripts")
    return "\n".join([*head, *_transcripts(pairs)]) + "\n"


type _Pair = tuple[CustomerMessage, TranscriptTurn]


def _figures(pairs: Sequence[_Pair]) -> Iterator[str]:
    yield "| | messages | right | half | wrong | absurd or rude | silent |"
    yield "|---|---|---|---|---|---|---|"
    for language, name in NAMES.items():
        yield _row(name, [pair for pair in pairs if pair[0].language == language])
    yield _row("both", pairs)
    yield _row("two thirds, whose misses were read", [pair for pair in pairs if not pair[0].held])
    yield _row("the third that was held back", [pair for pair in pairs if pair[0].held])
    for kind in sorted({message.kind for message, _ in pairs}):
        yield _row(f"– {kind}", [pair for pair in pairs if pair[0].kind == kind])
    needless = sum(turn.seen.is_handed_over and "person" not in message.outcomes for message, turn in pairs)
    yield ""
    yield f"A person was called without need by {needless} of {len(pairs)} messages ({needless / len(pairs):.1%})."


def _row(name: str, pairs: Sequence[_Pair]) -> str:
    counts = Counter(turn.verdict for _, turn in pairs)
    shares = (f"{counts[each]} ({counts[each] / len(pairs):.0%})" if counts[each] else "–" for each in Verdict)
    return f"| {name} | {len(pairs)} | {' | '.join(shares)} |"


def _misses(pairs: Sequence[_Pair]) -> Iterator[str]:
    """Every miss by name, worst first."""
    for verdict in reversed(Verdict):
        for message, turn in pairs:
            if turn.verdict is verdict is not Verdict.RIGHT:
                place = turn.conversation
                yield f"- **{verdict}**, {place}: “{_plain(turn.say)}” – {turn.why}. {message.words}"


def _transcripts(pairs: Sequence[_Pair]) -> Iterator[str]:
    for conversation, group in groupby(pairs, key=lambda pair: pair[0].conversation):
        found = list(group)
        before = STATES.get(found[0][0].before)
        yield ""
        yield f"**{conversation}**" + (f" – {before}" if before else "")
        yield ""
        for _, turn in found:
            yield from _spoken(turn)


def _spoken(turn: TranscriptTurn) -> Iterator[str]:
    mark = "" if turn.verdict is Verdict.RIGHT else f" *({turn.verdict}: {turn.why})*"
    yield f"- **{_plain(turn.say)}**{mark}"
    yield from (f"  - {_shown(line)}" for line in turn.seen.lines)
    if not turn.seen.lines:
        yield "  - *nothing*"


def _shown(line: ReplyLine) -> str:
    key = f" *({line.article})*" if line.article else ""
    choices = f" [{'] ['.join(_plain(each) for each in line.choices)}]" if line.choices else ""
    return f"{_plain(line.text)}{key}{choices}"


def _plain(text: str) -> str:
    """On one line, and without what Markdown would take for marks."""
    flat = " ".join(text.replace("**", "").split())
    for mark in "\\`*_[]<>|#":
        flat = flat.replace(mark, f"\\{mark}")
    return flat
