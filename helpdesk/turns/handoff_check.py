"""Judges a turn by the rules of the handoff: how the contact feels, and whether a person should answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from helpdesk.conversations.bot_reply import BotReply
from helpdesk.conversations.log.transcript import Transcript
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.mood import Mood, judge_moods
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.rules import Circumstances, Decision, PastHandoff, Rules, decide
from helpdesk.handoff.rules.touched_topics import touched_topics
from helpdesk.handoff.sensitive_topics import SensitiveTopic
from knowledge.normalization import excerpt
from knowledge.search.embedder import Embedder, e5_alone

RECENT = 12  # newest lines of the contact whose meaning is compared
MAX_COMPARED = 400  # characters of a line that are embedded for that

type InForce = Callable[[], Awaitable[Rules]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules came to in a turn, the contact's moods by `seq`, and what the bot has said so far."""

    decision: Decision
    moods: tuple[Mood, ...]
    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResult:
    """What became of a turn: the lines it answers, what the search came to, and what the bot made of it.

    `heard` is the conversation up to these lines, `topic` the category of the article that was said or would have been.
    """

    heard: Transcript
    seqs: tuple[int, ...]
    outcome: str | None
    confidence: float | None
    topic: str | None
    reply: BotReply


class HandoffCheck:
    """Compares by meaning, and asks the rules in force."""

    def __init__(self, embedder: Embedder, in_force: InForce) -> None:
        self.embedder = embedder
        self.in_force = in_force

    async def judge(self, turn: TurnResult) -> Assessment:
        """What to do with the contact's last line."""
        heard = turn.heard
        said = mark_answers(with_answer(heard.said, turn))
        meanings = await asyncio.to_thread(self._meanings, said, heard.handoffs)
        said = tuple(replace(line, meaning=meanings.get(line.text)) for line in said)
        circumstances = circumstances_of(
            heard, meanings, turn.topic, bot_failed=turn.reply.handoff is not None and turn.reply.degraded
        )
        moods, decision = await asyncio.to_thread(judged, said, await self.in_force(), circumstances)
        spoken = tuple(line.text for line in said if line.author == "bot")
        return Assessment(decision=decision, moods=moods, spoken=spoken)

    async def find_touched(self, text: str, language: str) -> tuple[SensitiveTopic, ...]:
        """The sensitive topics of the rules in force that a text of the contact's touches.

        By its words alone: whoever is asked waits for a person anyway, and a false alarm would be the only harm.
        """
        rules = await self.in_force()
        line = DialogueLine(seq=0, author=CONTACT, text=text, language=language)
        matches = await asyncio.to_thread(touched_topics, line, rules.sensitive)
        return tuple(match.topic for match in matches)

    def _meanings(self, said: Sequence[DialogueLine], handoffs: Sequence[PastHandoff]) -> dict[str, list[float]]:
        """Unit vectors of the contact's newest lines and of earlier requests, by their words."""
        words = [line.text for line in said if line.is_contacts_words][-RECENT:]
        texts = list(dict.fromkeys([*words, *(one.text for one in handoffs if one.text)]))
        read = [excerpt(text, MAX_COMPARED) for text in texts]
        return dict(zip(texts, e5_alone(self.embedder.embed_queries(read)).tolist(), strict=True)) if texts else {}


def judged(
    said: tuple[DialogueLine, ...], rules: Rules, circumstances: Circumstances
) -> tuple[tuple[Mood, ...], Decision]:
    """How the contact feels, and what follows from it. Keeps the processor busy for as long as the texts are."""
    moods = judge_moods(said)
    return moods, decide(said, moods, rules, circumstances)


def with_answer(said: Sequence[DialogueLine], turn: TurnResult) -> tuple[DialogueLine, ...]:
    """The lines, those of this turn with what search and bot made of them."""
    judgement = turn.reply.judgement
    return tuple(
        replace(
            line,
            intent=turn.reply.intent,
            outcome=turn.outcome,
            confidence=turn.confidence,
            helpful=judgement.helpful if judgement else line.helpful,
            answers_question=line.answers_question if turn.reply.degraded else turn.reply.answered is not None,
        )
        if line.seq in turn.seqs
        else line
        for line in said
    )


def circumstances_of(
    heard: Transcript, meanings: dict[str, list[float]], topic: str | None, *, bot_failed: bool
) -> Circumstances:
    """What the rules know beside the lines. What was said before the last handoff ended does not count again."""
    return Circumstances(
        since_seq=max((one.ended_seq for one in heard.handoffs), default=-1),
        earlier=tuple(replace(one, meaning=meanings.get(one.text)) for one in heard.handoffs),
        topic=topic,
        important=heard.important,
        bot_failed=bot_failed,
        limited_seq=heard.last_with("limit"),
        offered_seq=heard.last_with("offer"),
    )
