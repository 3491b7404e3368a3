"""Questions and what came of them: which article answered, whether it helped, what is left open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from helpdesk.handoff.dialogue import BOT, CONTACT, DialogueLine
from helpdesk.handoff.rules.answers import says_not_helpful
from helpdesk.handoff.summary.turns import may_state_a_matter

THANKS = "thanks"
"""The bot's name for the intent."""


@dataclass(slots=True)
class QuestionTopic:
    """A question and what came of it: consecutive messages before an answer are one question.

    `awaits` is the article that answers it, for one of several questions in a message. `was_missed`: an answer to it
    has not helped before. `is_settled`: the contact gave thanks for what was said to it, be it no article: a look-up's
    answer, or hours.
    """

    asked: list[DialogueLine]
    answer: DialogueLine | None = None
    helpful: bool | None = None
    judged: DialogueLine | None = None
    awaits: str | None = None
    was_missed: bool = False
    is_settled: bool = False

    @property
    def is_open(self) -> bool:
        """Not answered, or the answer did not help."""
        return self.helpful is False or (self.answer is None and not self.is_settled)

    @property
    def outcome(self) -> str:
        """What is known of the answer's worth."""
        return {True: "helped", False: "did_not_help", None: "not_said"}[self.helpful]


def topics_of(said: Iterable[DialogueLine]) -> list[QuestionTopic]:
    """The topics in order. Only answers that come from an article count as answers here."""
    topics: list[QuestionTopic] = []
    waiting: dict[str, QuestionTopic] = {}
    for line in said:
        if line.author == CONTACT and line.helpful is not None:
            _judge(topics, line)
        elif line.author == CONTACT and line.intent == THANKS and topics:
            topics[-1].is_settled = True
        elif line.parts:
            several = [QuestionTopic([replace(line, text=text)], awaits=article) for text, article in line.parts]
            topics += several
            waiting |= {topic.awaits: topic for topic in several if topic.awaits}
        elif line.author == BOT and line.article in waiting:
            waiting.pop(line.article).answer = line
        elif is_substance(line) and _is_reaction(topics, line):
            _react(topics, line)
        elif is_substance(line):
            _ask(topics, line)
        elif line.author == BOT and line.article and topics:
            _answer(topics[-1], line)
    return topics


def telling_topics(said: Sequence[DialogueLine]) -> list[QuestionTopic]:
    """The topics where they tell something: an article answered one, or a message held several questions."""
    topics = topics_of(said)
    return topics if len(topics) > 1 or any(topic.answer for topic in topics) else []


def is_substance(line: DialogueLine) -> bool:
    """Whether the contact said something that is about a matter, as far as the bot's intent tells."""
    return line.helpful is None and may_state_a_matter(line)


def _judge(topics: Sequence[QuestionTopic], line: DialogueLine) -> None:
    if topics:
        topics[-1].helpful, topics[-1].judged = line.helpful, line
        topics[-1].was_missed |= line.helpful is False
        topics[-1].is_settled = line.helpful is True


def _is_reaction(topics: Sequence[QuestionTopic], line: DialogueLine) -> bool:
    """Whether a line is about the answer before and no new matter: it did not help, or a complaint after that."""
    if not topics or topics[-1].answer is None:
        return False
    return bool(says_not_helpful(line.text)) or (topics[-1].was_missed and line.intent == "complaint")


def _react(topics: Sequence[QuestionTopic], line: DialogueLine) -> None:
    """The question stands as it was asked; what is said of the answer comes after it."""
    topics[-1].asked.append(line)
    topics[-1].helpful, topics[-1].judged, topics[-1].was_missed = False, line, True


def _ask(topics: list[QuestionTopic], line: DialogueLine) -> None:
    if topics and topics[-1].answer is None and not topics[-1].is_settled:
        topics[-1].asked.append(line)
    else:
        topics.append(QuestionTopic([line]))


def _answer(topic: QuestionTopic, line: DialogueLine) -> None:
    if topic.answer is None:
        topic.answer = line
    elif topic.helpful is False:
        topic.answer, topic.helpful, topic.judged = line, None, None
