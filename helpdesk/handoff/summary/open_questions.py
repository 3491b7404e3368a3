"""What waits for an answer at the end: the contact's last words, or our side's last question."""

from collections.abc import Iterator, Sequence

from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece
from helpdesk.handoff.summary.requests import QuotedRequest
from helpdesk.handoff.summary.sentences import LogSentence, shortened
from helpdesk.handoff.summary.turns import SummaryTurn, telling

MAX_WAITING = 3
MAX_WAITING_WORDS = 14  # words


def waiting_pieces(
    turns: Sequence[SummaryTurn], answered_to: int, request: QuotedRequest | None, phrases: SummaryPhrases
) -> Iterator[SummaryPiece]:
    """Questions first. What the request says already isn't said again. All up to `answered_to` has had an answer."""
    if turns and not turns[-1].by_contact:
        asked = [sentence for sentence in turns[-1].sentences if sentence.asks]
        if asked:
            yield _piece(max(asked, key=telling), phrases, weight=0.8, outcome="awaited")
        return
    known = request.turns if request else ()
    unanswered = (turn for turn in turns if turn.by_contact and turn.seq > answered_to and turn.seq not in known)
    last = [sentence for turn in unanswered for sentence in turn.sentences if _wants_an_answer(sentence)]
    for place, sentence in enumerate(sorted(last, key=lambda each: (not each.asks, -telling(each)))[:MAX_WAITING]):
        yield _piece(sentence, phrases, weight=0.82 - place / 100, outcome=None)


def _wants_an_answer(sentence: LogSentence) -> bool:
    """A question or a trouble; the rest are answers to what we asked."""
    return sentence.asks or bool(vocabulary.TROUBLE.search(sentence.text) or vocabulary.NEGATIONS.search(sentence.text))


def _piece(sentence: LogSentence, phrases: SummaryPhrases, *, weight: float, outcome: str | None) -> SummaryPiece:
    text = shortened(sentence, MAX_WAITING_WORDS)
    return SummaryPiece(
        label=Label.OPEN,
        text=phrases.quoted(text),
        turns=(sentence.seq,),
        weight=weight,
        said=(text,),
        outcome=outcome,
        place=sentence.seq,
    )
