"""What the contact wants: the sentences that state the matter, or the contact's own correction of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.summary.inputs import Correction
from helpdesk.handoff.summary.sentences import LogSentence, sentences_of
from helpdesk.handoff.summary.topics import QuestionTopic
from helpdesk.handoff.summary.turns import ENOUGH_CONTENT, Quote, SummaryTurn, bursts_of, is_same_ask, quote, turns_of

MAX_SAME_ASKS = 4
"""Lines that a request names as saying the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedRequest:
    """The request in the contact's words. `content` are its words; `again` the lines that say the same once more."""

    quote: Quote
    content: frozenset[str]
    topic: QuestionTopic | None = None
    again: tuple[int, ...] = ()

    @property
    def turns(self) -> tuple[int, ...]:
        """Where it stands, its repetitions included."""
        return tuple(dict.fromkeys((*self.quote.turns, *self.again[-MAX_SAME_ASKS:])))


def request_in(
    said: Sequence[DialogueLine], topics: Sequence[QuestionTopic], correction: Correction | None, *, limit: int
) -> QuotedRequest | None:
    """The request in about `limit` words: the correction, else the newest open topic, else what states a matter first.

    `None` where the contact has said nothing that is about a matter.
    """
    turns = turns_of(said)
    if correction is not None:
        return _request(_corrected(correction), None, turns, limit)
    wanted = next((topic for topic in reversed(topics) if topic.is_open), topics[-1] if topics else None)
    stated = _first_statement(bursts_of(turns_of(wanted.asked)) if wanted else bursts_of(turns))
    return _request(stated, wanted, turns, limit) if stated else None


def _request(
    stated: Sequence[LogSentence], topic: QuestionTopic | None, turns: Sequence[SummaryTurn], limit: int
) -> QuotedRequest:
    content = frozenset[str]().union(*(sentence.content for sentence in stated))
    again = (turn.seq for turn in turns if turn.by_contact and is_same_ask(turn.content, content))
    return QuotedRequest(quote=quote(stated, limit), content=content, topic=topic, again=tuple(again))


def _corrected(correction: Correction) -> list[LogSentence]:
    return list(sentences_of(DialogueLine(seq=correction.seq, author=CONTACT, text=correction.text)))


def _first_statement(bursts: Iterable[Sequence[SummaryTurn]]) -> list[LogSentence]:
    """The first message that states a matter by itself, else the one that comes nearest to it."""
    told = [sentences for burst in bursts if (sentences := [each for turn in burst for each in turn.sentences])]
    enough = (sentences for sentences in told if _content(sentences) >= ENOUGH_CONTENT)
    return next(enough, max(told, key=_content, default=[]))


def _content(sentences: Iterable[LogSentence]) -> int:
    return sum(len(sentence.content) for sentence in sentences)
