"""What was promised, by whom and until when: the register's promises, and those made in passing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from helpdesk.handoff.dialogue import BOT
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.inputs import RegisteredPromise
from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import month, phrase, quoted
from helpdesk.handoff.summary.pieces import SummaryPiece
from helpdesk.handoff.summary.sentences import LogSentence, shortened
from helpdesk.handoff.summary.turns import SummaryTurn

MOST_OWED = 3
MOST_PROMISED = 2
LONGEST_PROMISE = 16  # words


def promise_pieces(
    turns: Sequence[SummaryTurn],
    promises: Sequence[RegisteredPromise],
    texts: Mapping[int, str],
    language: str,
    zone: tzinfo,
) -> Iterator[SummaryPiece]:
    """Those of the register, and the newest of those that only the log holds. `texts` are the lines by their `seq`."""
    recorded = {promise.seq for promise in promises if promise.seq}
    for promise in promises[:MOST_OWED]:
        yield _recorded(promise, texts.get(promise.seq, ""), language, zone)
    made = [
        sentence
        for turn in turns
        if not turn.by_contact and turn.seq not in recorded
        for sentence in turn.sentences
        if _promises(sentence)
    ]
    for sentence in made[-MOST_PROMISED:]:
        yield _made(sentence, language)


def _recorded(promise: RegisteredPromise, line: str, language: str, zone: tzinfo) -> SummaryPiece:
    """In quotation marks only if the line says it in these words; else it is the register's wording."""
    who = phrase("bot", language) if promise.by == BOT else promise.by
    until = [] if promise.due is None else [phrase("until", language, when=_moment(promise.due, language, zone))]
    text = " ".join(promise.text.split())
    is_said = bool(text) and text in line
    return SummaryPiece(
        label=Label.PROMISED,
        text=f"{quoted(text, language) if is_said else text} ({', '.join([who, *until])})",
        turns=(promise.seq,) if promise.seq else (),
        weight=0.9,
        said=(text,) if is_said else (),
        place=promise.seq,
    )


def _made(sentence: LogSentence, language: str) -> SummaryPiece:
    text = shortened(sentence, LONGEST_PROMISE)
    who = phrase("bot" if sentence.author == BOT else "team", language)
    return SummaryPiece(
        label=Label.PROMISED,
        text=f"{quoted(text, language)} ({who})",
        turns=(sentence.seq,),
        weight=0.72,
        said=(text,),
        place=sentence.seq,
    )


def _moment(due: datetime, language: str, zone: tzinfo) -> str:
    there = due.astimezone(zone)
    dot = "." if language == "de" else ""
    return f"{there.day}{dot} {month(there.month, language)}, {there:%H:%M}"


def _promises(sentence: LogSentence) -> bool:
    found = vocabulary.PROMISE.search(sentence.text)
    return found is not None and not sentence.asks and not vocabulary.NEGATIONS.search(sentence.text)
