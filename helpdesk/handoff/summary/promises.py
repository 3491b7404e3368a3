"""What was promised, by whom and until when: the register's promises, and those made in passing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from helpdesk.handoff.dialogue import BOT
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.inputs import RegisteredPromise
from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece
from helpdesk.handoff.summary.sentences import LogSentence, shortened
from helpdesk.handoff.summary.turns import SummaryTurn

MAX_OWED = 3
MAX_PROMISED = 2
MAX_PROMISE_WORDS = 16  # words


def promise_pieces(
    turns: Sequence[SummaryTurn],
    promises: Sequence[RegisteredPromise],
    texts: Mapping[int, str],
    phrases: SummaryPhrases,
    zone: tzinfo,
) -> Iterator[SummaryPiece]:
    """Those of the register, and the newest of those that only the log holds. `texts` are the lines by their `seq`."""
    recorded = {promise.seq for promise in promises if promise.seq}
    for promise in promises[:MAX_OWED]:
        yield _recorded(promise, texts.get(promise.seq, ""), phrases, zone)
    made = [
        sentence
        for turn in turns
        if not turn.by_contact and turn.seq not in recorded
        for sentence in turn.sentences
        if _promises(sentence)
    ]
    for sentence in made[-MAX_PROMISED:]:
        yield _made(sentence, phrases)


def _recorded(promise: RegisteredPromise, line: str, phrases: SummaryPhrases, zone: tzinfo) -> SummaryPiece:
    """In quotation marks only if the line says it in these words; else it is the register's wording."""
    who = phrases.phrase("bot") if promise.by == BOT else promise.by
    until = [] if promise.due is None else [phrases.phrase("until", when=phrases.moment(promise.due.astimezone(zone)))]
    text = " ".join(promise.text.split())
    is_said = bool(text) and text in line
    return SummaryPiece(
        label=Label.PROMISED,
        text=f"{phrases.quoted(text) if is_said else text} ({', '.join([who, *until])})",
        turns=(promise.seq,) if promise.seq else (),
        weight=0.9,
        said=(text,) if is_said else (),
        place=promise.seq,
    )


def _made(sentence: LogSentence, phrases: SummaryPhrases) -> SummaryPiece:
    text = shortened(sentence, MAX_PROMISE_WORDS)
    who = phrases.phrase("bot" if sentence.author == BOT else "team")
    return SummaryPiece(
        label=Label.PROMISED,
        text=f"{phrases.quoted(text)} ({who})",
        turns=(sentence.seq,),
        weight=0.72,
        said=(text,),
        place=sentence.seq,
    )


def _promises(sentence: LogSentence) -> bool:
    found = vocabulary.PROMISE.search(sentence.text)
    return found is not None and not sentence.asks and not vocabulary.NEGATIONS.search(sentence.text)
