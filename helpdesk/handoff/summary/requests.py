"""What the contact wants: the sentences that state the matter, or the contact's own correction of them.

It is found here and nowhere else, so that customer, queue, card, API and summary read the same words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from helpdesk.handoff.dialogue import AGENT, CONTACT, DialogueLine
from helpdesk.handoff.rules.answers import says_not_helpful
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.inputs import Correction
from helpdesk.handoff.summary.sentences import LogSentence, sentences_of
from helpdesk.handoff.summary.topics import QuestionTopic
from helpdesk.handoff.summary.turns import (
    ENOUGH_CONTENT,
    Quote,
    SummaryTurn,
    bursts_of,
    is_same_ask,
    may_state_a_matter,
    quote,
    telling_sentences,
    turns_of,
)

MAX_LENGTH = 160  # characters, quotation marks included: one glance on a phone
MAX_SAME_ASKS = 4
"""Lines that a request names as saying the same."""
_WORDS = (28, 20, 14, 9)
"""How many words are tried, most first."""
MISTAKABLE = frozenset({"greeting", "help", "deny", "waive", "affirm", "feedback", "feedback_not_helpful"})
"""Intents that a matter may hide behind when the bot errs."""
_SAYS_ENOUGH = 3
"""Words of content with which a question needs no sentence before it."""


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
    said: Sequence[DialogueLine], topics: Sequence[QuestionTopic], correction: Correction | None
) -> QuotedRequest | None:
    """The request, mostly in at most `MAX_LENGTH` characters.

    It is the correction, else the newest open topic, else what was stated last with the bot, else first with people.
    `None` where the contact has said nothing that is about a matter.
    """
    turns = turns_of(said)
    if correction is not None:
        return _request(_corrected(correction), None, turns)
    wanted = next((topic for topic in reversed(topics) if topic.is_open), topics[-1] if topics else None)
    stated = _statement(said, turns, wanted) or _in_small_talk(said)
    return _request(stated, wanted, turns) if stated else None


def _request(stated: Sequence[LogSentence], topic: QuestionTopic | None, turns: Sequence[SummaryTurn]) -> QuotedRequest:
    content = frozenset[str]().union(*(sentence.content for sentence in stated))
    again = (turn.seq for turn in turns if turn.by_contact and is_same_ask(turn.content, content))
    return QuotedRequest(quote=_short_quote(stated), content=content, topic=topic, again=tuple(again))


def _short_quote(stated: Sequence[LogSentence]) -> Quote:
    """As many words as fit: of a longer text, the sentences that ask."""
    asking = _asking(stated) if sum(sentence.length for sentence in stated) > _WORDS[0] else stated
    tried = [quote(asking, limit) for limit in _WORDS]
    return next((each for each in tried if len(each.text) <= MAX_LENGTH - 2), tried[-1])


def _asking(stated: Sequence[LogSentence]) -> Sequence[LogSentence]:
    """The sentences that ask, with the one before where they say little; all of them where none asks."""
    places = [place for place, each in enumerate(stated) if each.is_request and _content(each)]
    if places and places[0] and len(_all_content([stated[place] for place in places])) < _SAYS_ENOUGH:
        places.insert(0, places[0] - 1)
    return [stated[place] for place in places] or stated


def _corrected(correction: Correction) -> list[LogSentence]:
    return list(sentences_of(DialogueLine(seq=correction.seq, author=CONTACT, text=correction.text)))


def _statement(
    said: Sequence[DialogueLine], turns: Sequence[SummaryTurn], wanted: QuestionTopic | None
) -> list[LogSentence]:
    """The sentences of one message, or of several in a row, that state the matter."""
    if wanted and wanted.answer:
        return _first_statement(bursts_of(turns_of(wanted.asked)))
    asked = {line.seq: line for line in (wanted.asked if wanted else said)}
    told = [sentences for sentences in _with_the_bot(said, asked) if _stands_alone(sentences)]
    return (
        _earliest_like(told[-1], told)
        if told
        else _first_statement(bursts_of(turns_of(wanted.asked) if wanted else turns))
    )


def _with_the_bot(said: Sequence[DialogueLine], asked: Mapping[int, DialogueLine]) -> list[list[LogSentence]]:
    """What the contact told the bot in the lines `asked`, each stretch of them without one of ours between.

    What follows on a person's line is told to them, and goes on from there.
    """
    told: list[list[LogSentence]] = []
    before = ""
    for author, stretch in groupby(said, key=lambda line: line.author):
        lines = [asked[line.seq] for line in stretch if line.seq in asked] if author == CONTACT else []
        if before != AGENT and any(line.intent is not None for line in lines):
            told.append([each for line in lines if may_state_a_matter(line) for each in telling_sentences(line)])
        before = author
    return told


def _in_small_talk(said: Sequence[DialogueLine]) -> list[LogSentence]:
    """The newest line that states a matter although the bot took it for small talk; where there is no other."""
    told = (
        [each for each in telling_sentences(line) if _content(each)]
        for line in reversed(said)
        if line.is_contacts_words and not line.answers_question and line.intent in MISTAKABLE
    )
    return next((sentences for sentences in told if _stands_alone(sentences)), [])


def _earliest_like(newest: list[LogSentence], told: Sequence[list[LogSentence]]) -> list[LogSentence]:
    """The stretch that first asked what the newest one asks."""
    content = _all_content(newest)
    return next((each for each in told if is_same_ask(_all_content(each), content)), newest)


def _stands_alone(sentences: Sequence[LogSentence]) -> bool:
    """Whether they say what they are about by themselves, more than that an answer did not help."""
    content = _all_content([each for each in sentences if not says_not_helpful(each.text)])
    return len(content) >= (1 if any(each.is_request for each in sentences) else ENOUGH_CONTENT)


def _first_statement(bursts: Iterable[Sequence[SummaryTurn]]) -> list[LogSentence]:
    """The first message that states a matter by itself, else the one that comes nearest to it."""
    told = [sentences for burst in bursts if (sentences := [each for turn in burst for each in turn.sentences])]
    enough = (sentences for sentences in told if _weight(sentences) >= ENOUGH_CONTENT)
    return next(enough, max(told, key=_weight, default=[]))


def _weight(sentences: Iterable[LogSentence]) -> int:
    return sum(len(sentence.content) for sentence in sentences)


def _all_content(sentences: Iterable[LogSentence]) -> frozenset[str]:
    return frozenset[str]().union(*map(_content, sentences))


def _content(sentence: LogSentence) -> frozenset[str]:
    return sentence.content - vocabulary.COURTESY - vocabulary.PERSON_WISH
