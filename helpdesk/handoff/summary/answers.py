"""Answers that came from articles, and the questions that none has helped with."""

from collections.abc import Iterator, Sequence

from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece
from helpdesk.handoff.summary.requests import QuotedRequest
from helpdesk.handoff.summary.sentences import sentences_of, shortened
from helpdesk.handoff.summary.topics import QuestionTopic
from helpdesk.handoff.summary.turns import telling

MAX_ANSWERED = 4
MAX_OPEN = 3
MAX_QUESTION_WORDS = 14  # words


def answered_pieces(
    topics: Sequence[QuestionTopic], request: QuotedRequest | None, phrases: SummaryPhrases
) -> Iterator[SummaryPiece]:
    """The answers, the newest weighing most, each with the contact's word on it."""
    done = [(topic, topic.answer) for topic in topics if topic.answer][-MAX_ANSWERED:]
    for place, (topic, answer) in enumerate(done):
        title = phrases.phrase("article", title=answer.title or answer.article or "")
        asked = [] if request and topic is request.topic else [_question(topic)]
        judged = (topic.judged.seq,) if topic.judged else ()
        yield SummaryPiece(
            label=Label.TRIED,
            text=" → ".join([*(phrases.quoted(text) for text in asked), title]),
            turns=(*(line.seq for line in topic.asked), answer.seq, *judged),
            weight=0.7 + place / 100,
            said=tuple(asked),
            outcome=topic.outcome,
            place=answer.seq,
        )


def open_topic_pieces(
    topics: Sequence[QuestionTopic], request: QuotedRequest | None, phrases: SummaryPhrases
) -> Iterator[SummaryPiece]:
    """The open questions beside the request."""
    still = [topic for topic in topics if topic.is_open and not (request and topic is request.topic)]
    for place, topic in enumerate(still[-MAX_OPEN:]):
        text = _question(topic)
        yield SummaryPiece(
            label=Label.OPEN,
            text=phrases.quoted(text),
            turns=tuple(line.seq for line in topic.asked),
            weight=0.8 + place / 100,
            said=(text,),
            place=topic.asked[0].seq,
        )


def _question(topic: QuestionTopic) -> str:
    sentences = [sentence for line in topic.asked for sentence in sentences_of(line)]
    return shortened(max(sentences, key=telling), MAX_QUESTION_WORDS)
