"""The dialogue as turns of sentences, what each of them is worth telling, and quotations out of them."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from helpdesk.handoff.dialogue import BOT, CONTACT, SMALL_TALK, DialogueLine
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.sentences import LogSentence, clauses_in, content_of, sentences_of, shortened
from helpdesk.handoff.summary.wishes import without_wish
from helpdesk.handoff.wish.detector import ASK_PERSON

ENOUGH_CONTENT = 2
"""Words of content with which a message states a matter by itself."""
GOOD, POOR = 0.4, 0.2
"""Worth from which on a turn is told, and below which none is."""
MIN_TOLD = 2
MAX_LOOKED_AT = 40
_LONG_WORD = 9  # letters

_DIRECT = re.compile(r"\b(?:DM|direct message|direktnachricht|privat\w* nachricht)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryTurn:
    """One line of the contact, of an agent, or of the bot where no article speaks, without its small talk.

    `place` is where in the dialogue it stands, 0–1.
    """

    seq: int
    author: str
    place: float
    sentences: tuple[LogSentence, ...]
    everything: tuple[LogSentence, ...]

    @property
    def content(self) -> frozenset[str]:
        """Its words of content."""
        return frozenset[str]().union(*(sentence.content for sentence in self.sentences))

    @property
    def by_contact(self) -> bool:
        """Whether the contact wrote it."""
        return self.author == CONTACT


_ENDS = tuple('.!?…:;,)"“”')


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Sentences that were said, shortened, in their order: `pieces` are exact, `turns` where they stand."""

    pieces: tuple[str, ...]
    turns: tuple[int, ...]

    @property
    def text(self) -> str:
        """The pieces as one quotation; "…" stands between two where the contact set no mark at the end of the first."""
        *before, last = self.pieces or ("",)
        return " ".join([*(piece if piece.endswith(_ENDS) else f"{piece}…" for piece in before), last])


def turns_of(said: Sequence[DialogueLine]) -> list[SummaryTurn]:
    """The lines that can tell something, in order. Answers from articles are told as topics, not here."""
    return [_told(line, place / max(len(said) - 1, 1)) for place, line in enumerate(said) if _can_tell(line)]


def _can_tell(line: DialogueLine) -> bool:
    if line.author == CONTACT:
        return may_state_a_matter(line)
    return line.author != BOT or (line.article is None and line.outcome is None)


def may_state_a_matter(line: DialogueLine) -> bool:
    """Whether a line of the contact may say what they want of us: no answer to our own question, and no small talk.

    A wish for a person may have its matter beside it, whatever the bot took the line for.
    """
    if not line.is_contacts_words or line.answers_question:
        return False
    return line.intent not in SMALL_TALK or (line.intent == ASK_PERSON and bool(telling_sentences(line)))


def telling_sentences(line: DialogueLine) -> tuple[LogSentence, ...]:
    """The sentences of a line that tell something, the contact's without the wish for a person that stands in them."""
    sentences = sentences_of(line)
    if line.author == CONTACT:
        sentences = tuple(_of_the_matter(sentence) for sentence in sentences)
    return tuple(sentence for sentence in sentences if sentence.text and not sentence.is_small_talk)


def _of_the_matter(sentence: LogSentence) -> LogSentence:
    text = without_wish(sentence.text)
    if text == sentence.text:
        return sentence
    return replace(sentence, text=text, clauses=clauses_in(text), content=content_of(text), asks="?" in text)


def _told(line: DialogueLine, place: float) -> SummaryTurn:
    everything = sentences_of(line)
    return SummaryTurn(
        seq=line.seq, author=line.author, place=place, sentences=telling_sentences(line), everything=everything
    )


def bursts_of(turns: Iterable[SummaryTurn]) -> Iterator[list[SummaryTurn]]:
    """What the contact wrote in one go, line by line, without anybody answering between."""
    burst: list[SummaryTurn] = []
    for turn in turns:
        if turn.by_contact:
            burst.append(turn)
        elif burst:
            yield burst
            burst = []
    if burst:
        yield burst


def worth(turn: SummaryTurn) -> float:
    """How likely a reader would call the turn essential, 0–1.

    It grows with its words of content, first quickly and then slowly, and is less the later it comes; what our side
    says counts more than a later line of the contact's. The weights are those of a logistic regression on half of
    TweetSumm's training part, rounded (docs/benchmarks.md).
    """
    grown = 1 - math.exp(-_weight(turn.content - vocabulary.COURTESY) / 5)
    if turn.by_contact:
        return _chance(-3.2 + 3 * grown + 1.5 * max(0.0, 0.3 - turn.place) - 0.8 * turn.place)
    advice = 0.2 * any(vocabulary.ADVICE.search(each.text) for each in turn.sentences)
    direct = 0.4 * any(_DIRECT.search(each.text) for each in turn.sentences)
    return _chance(-2.6 + 3.2 * grown + advice + direct - 0.5 * turn.place)


def worth_telling(turns: Sequence[SummaryTurn], told: frozenset[int]) -> dict[int, float]:
    """The turns beside `told` that are worth telling, by `seq`, with their worth: the best few, and all good ones.

    Of a long dialogue, only what came last is looked at.
    """
    judged = {turn.seq: worth(turn) for turn in turns[-MAX_LOOKED_AT:] if turn.sentences and turn.seq not in told}
    best = sorted(judged, key=lambda seq: -judged[seq])[:MIN_TOLD]
    return {seq: value for seq, value in judged.items() if value >= GOOD or (seq in best and value >= POOR)}


def _weight(content: Iterable[str]) -> float:
    """How many words of content there are; a German compound counts as what English writes in several words."""
    return sum(max(1.0, len(word) / _LONG_WORD) for word in content)


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def telling(sentence: LogSentence) -> float:
    """How much one sentence tells beside the others of its turn."""
    content = _weight(sentence.content - vocabulary.COURTESY - vocabulary.PERSON_WISH)
    is_contacts = sentence.author == CONTACT
    cue = vocabulary.TROUBLE if is_contacts else vocabulary.ADVICE
    return (
        1
        - math.exp(-content / 5)
        + 0.3 * bool(cue.search(sentence.text))
        + 0.4 * (is_contacts and content >= 1 and sentence.is_request)
        + 0.2 * any(character.isdigit() for character in sentence.text)
        - 0.5 * bool(sentence.author != CONTACT and vocabulary.REGRET.search(sentence.text))
    )


def quote(sentences: Sequence[LogSentence], limit: int) -> Quote:
    """The most telling of the sentences in at most about `limit` words, in their own order."""
    chosen: dict[int, str] = {}
    left = limit
    for place in sorted(range(len(sentences)), key=lambda place: -telling(sentences[place])):
        short = shortened(sentences[place], left)
        if not chosen or len(short.split()) <= left:
            chosen[place] = short
            left -= len(short.split())
    kept = sorted(chosen)
    return Quote(
        pieces=tuple(chosen[place] for place in kept),
        turns=tuple(dict.fromkeys(sentences[place].seq for place in kept)),
    )


def is_same_ask(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether words of content say again what others have said: most of the shorter side's are shared."""
    smaller = min(len(one), len(other))
    return smaller >= ENOUGH_CONTENT and len(one & other) >= max(ENOUGH_CONTENT, 0.6 * smaller)
