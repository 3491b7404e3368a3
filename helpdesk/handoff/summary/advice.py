"""What bot or agent said and advised, and whether it helped."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece
from helpdesk.handoff.summary.sentences import LogSentence, shortened
from helpdesk.handoff.summary.turns import SummaryTurn, quote

MAX_ADVICE_WORDS = 14  # words
MAX_RESULT_WORDS = 8
KNOWN_RESULT = 0.3
"""What an advice gains in worth when the contact has said whether it helped."""


def advice_pieces(
    turns: Sequence[SummaryTurn], worths: Mapping[int, float], told: frozenset[int], phrases: SummaryPhrases
) -> Iterator[SummaryPiece]:
    """What our side said that is worth telling, or that the contact has a word on.

    `told` are the turns that another line tells already.
    """
    for turn, after in pairwise([*turns, None]):
        if turn is None or turn.by_contact or turn.seq in told or not turn.sentences:
            continue
        outcome, shown = _result(after.everything) if after and after.by_contact else (None, None)
        if outcome or turn.seq in worths:
            yield _advice(turn, outcome, shown, worths.get(turn.seq, 0) + KNOWN_RESULT * bool(outcome), phrases)


def _advice(
    turn: SummaryTurn, outcome: str | None, shown: LogSentence | None, weight: float, phrases: SummaryPhrases
) -> SummaryPiece:
    given = quote(turn.sentences, MAX_ADVICE_WORDS)
    result = () if shown is None else (shortened(shown, MAX_RESULT_WORDS),)
    return SummaryPiece(
        label=Label.TRIED,
        text=" → ".join(phrases.quoted(each) for each in (given.text, *result)),
        turns=(turn.seq, *(() if shown is None else (shown.seq,))),
        weight=weight,
        said=(*given.pieces, *result),
        outcome=outcome,
        place=turn.seq,
    )


def _result(reaction: Sequence[LogSentence]) -> tuple[str | None, LogSentence | None]:
    """Whether the contact said that it helped, with the sentence that says so."""
    for sentence in reaction:
        if vocabulary.FAILED.search(sentence.text):
            return "did_not_help", sentence
        if vocabulary.WORKED.search(sentence.text) and not vocabulary.NEGATIONS.search(sentence.text):
            return "helped", sentence
    return None, None
