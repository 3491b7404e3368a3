"""Working on turns: claim what is due, look it up, ask the bot, store the reply. Nothing is held meanwhile."""

import asyncio
import base64
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import or_, select

from connectors.base import ASK_PERSON, Choice
from helpdesk import metrics
from helpdesk.conversations import Conversations
from helpdesk.conversations.replying import questions_of
from helpdesk.db import Database
from helpdesk.errors import Unavailable
from helpdesk.failpoints import Failpoint, failpoint
from helpdesk.handoff.summary import SMALL_TALK
from helpdesk.handoff.triggers import TriggerKind
from helpdesk.models import Conversation, Turn, TurnStatus, new_id, now
from helpdesk.rasa import BotFailed, Question, Rasa
from helpdesk.replies import Asked, BotReply, BotText, HandoffWish
from helpdesk.settings import Settings
from helpdesk.texts import Say, say
from knowledge.library import Found, Library

log = structlog.get_logger()

IDLE = 1.0  # seconds between looks for turns that another instance opened or dropped
MOST_ATTEMPTS = 3  # a turn that kills its worker each time becomes a fallback
MOST_KEPT = 5  # candidates of a question that are remembered
MARGIN = 1.0  # seconds of the deadline that are kept for storing the fallback


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A turn of ours, with everything that is needed to answer it without a transaction."""

    turn_id: str
    conversation_id: str
    channel: str
    language: str
    formality: str
    last_article: str | None
    text: str
    payload: str | None
    attempts: int


class Turns:
    """Answers what customers wrote, each conversation one turn at a time."""

    def __init__(self, db: Database, conversations: Conversations, library: Library, rasa: Rasa) -> None:
        self.db = db
        self.conversations = conversations
        self.library = library
        self.rasa = rasa
        self.settings: Settings = conversations.settings
        self.name = new_id()
        self._news = asyncio.Event()
        self._at_work: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be a new turn."""
        self._news.set()

    async def run(self) -> None:
        """Claim and answer until cancelled; what is being answered then is finished first."""
        try:
            while True:
                await self._wait()
                try:
                    await self._claim_all()
                except Unavailable:
                    log.warning("turns.database_away")
                    await asyncio.sleep(IDLE)
        finally:
            await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _wait(self) -> None:
        delay = await self._until_next()
        try:
            async with asyncio.timeout(delay):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()

    async def _until_next(self) -> float:
        """Seconds until a turn is due, at most `IDLE`."""
        if len(self._at_work) >= self.settings.turn_workers:
            return IDLE
        try:
            async with self.db.read() as session:
                due = await session.scalar(
                    select(Turn.due_at).where(Turn.status == TurnStatus.PENDING).order_by(Turn.due_at).limit(1)
                )
        except Unavailable:
            return IDLE
        return IDLE if due is None else min(IDLE, max(0.0, (due - now()).total_seconds()))

    async def _claim_all(self) -> None:
        while len(self._at_work) < self.settings.turn_workers:
            claim = await self.claim()
            if claim is None:
                return
            task = asyncio.create_task(self._work(claim))
            self._at_work.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        self.wake()

    async def claim(self) -> Claim | None:
        """Take the turn that has been due longest, or one whose worker has vanished."""
        failpoint(Failpoint.TURN_BEFORE_CLAIM)
        time = now()
        due = or_(
            (Turn.status == TurnStatus.PENDING) & (Turn.due_at <= time),
            (Turn.status == TurnStatus.RUNNING) & (Turn.lease_until < time),
        )
        async with self.db.write() as session:
            turn = await session.scalar(
                select(Turn).where(due).order_by(Turn.due_at).limit(1).with_for_update(skip_locked=True)
            )
            if turn is None:
                return None
            turn.status, turn.attempts = TurnStatus.RUNNING, turn.attempts + 1
            turn.lease_owner, turn.lease_until = self.name, time + timedelta(seconds=self.settings.lease)
            questions = await questions_of(session, turn)
            conversation = await session.get_one(Conversation, turn.conversation_id)
            claim = Claim(
                turn_id=turn.id,
                conversation_id=conversation.id,
                channel=str(conversation.channel),
                language=conversation.language,
                formality=conversation.formality,
                last_article=conversation.last_article,
                text="\n".join(question.text for question in questions),
                payload=questions[-1].payload if questions else None,
                attempts=turn.attempts,
            )
        failpoint(Failpoint.TURN_AFTER_CLAIM)
        return claim

    async def _work(self, claim: Claim) -> None:
        started = perf_counter()
        self.conversations.live.typing(claim.conversation_id, author="bot", name=self.settings.bot_name, on=True)
        try:
            reply = await self.answer(claim)
            failpoint(Failpoint.TURN_AFTER_RASA)
            stood = await self.conversations.reply(claim.turn_id, self.name, reply)
        except Unavailable:
            log.warning("turn.not_stored", turn=claim.turn_id, conversation=claim.conversation_id)
            return  # the lease runs out and the turn is tried again
        except Exception:
            log.exception("turn.broke", turn=claim.turn_id, conversation=claim.conversation_id)
            return
        finally:
            self.conversations.live.typing(claim.conversation_id, author="bot", name=self.settings.bot_name, on=False)
        seconds = perf_counter() - started
        outcome = "fallback" if reply.degraded else "answered" if stood else "withheld"
        metrics.TURNS.labels(outcome).inc()
        metrics.TURN_SECONDS.observe(seconds)
        log.info(
            "turn.done",
            turn=claim.turn_id,
            conversation=claim.conversation_id,
            outcome=outcome,
            seconds=round(seconds, 3),
        )

    async def answer(self, claim: Claim) -> BotReply:
        """The reply to a turn, by the deadline: the bot's, else an honest fallback."""
        if claim.attempts > MOST_ATTEMPTS:
            return fallback(claim, self.settings)
        found: Found | None = None
        try:
            async with asyncio.timeout(self.settings.turn_deadline - MARGIN):
                found = await self._look_up(claim)
                reply = await self.rasa.ask(question(claim, found))
        except (BotFailed, TimeoutError) as error:
            log.warning("turn.bot_failed", turn=claim.turn_id, reason=str(error) or "deadline")
            metrics.BOT_FAILURES.inc()
            return await self._without_bot(claim, found)
        asked = (asked_of(claim, found, reply),) if found and reply.intent not in SMALL_TALK else ()
        return replace(reply, language=reply.language or (found.language if found else None), asked=asked)

    async def _look_up(self, claim: Claim) -> Found | None:
        if claim.payload:
            return None
        return await self.library.search(claim.text, claim.language)

    async def _without_bot(self, claim: Claim, found: Found | None) -> BotReply:
        """An article that surely answers is better than an excuse; otherwise a person."""
        if found and found.outcome == "answer":
            language = found.language or claim.language
            answer = await self.library.answer(found.candidates[0].article, language)
            if answer:
                text = BotText(text=answer.answer, article=answer.key)
                return BotReply(
                    texts=(text, _did_that_help(claim, language, answer.key)), language=language, degraded=True
                )
        return fallback(claim, self.settings)


def asked_of(claim: Claim, found: Found, reply: BotReply) -> Asked:
    """What the customer asked and what became of it, for the admin's gaps and figures."""
    said = next((text.article for text in reply.texts if text.article), None)
    return Asked(
        text=claim.text,
        language=found.language or claim.language,
        outcome=str(found.outcome),
        article=said,
        confidence=found.candidates[0].confidence if found.candidates else None,
        candidates=tuple((one.article, round(one.confidence, 4)) for one in found.candidates[:MOST_KEPT]),
    )


def question(claim: Claim, found: Found | None) -> Question:
    """What the bot gets to see of a turn: everything it needs, so that it embeds nothing itself."""
    metadata: dict[str, Any] = {
        "language": (found.language if found else None) or claim.language,
        "formality": claim.formality,
        "channel": claim.channel,
        "last_article": claim.last_article,
    }
    if found:
        metadata |= {
            "embedding": base64.b64encode(found.embedding.astype("<f4").tobytes()).decode(),
            "outcome": str(found.outcome),
            "candidates": [
                {"article": c.article, "confidence": round(c.confidence, 4), "question": c.question}
                for c in found.candidates
            ],
        }
    return Question(
        turn_id=claim.turn_id,
        conversation_id=claim.conversation_id,
        text=None if claim.payload else claim.text,
        payload=claim.payload,
        metadata=metadata,
    )


def fallback(claim: Claim, settings: Settings) -> BotReply:
    """An honest sentence and a person."""
    text = say(Say.UNAVAILABLE, claim.language, claim.formality, bot=settings.bot_name)
    return BotReply(texts=(BotText(text=text),), handoff=HandoffWish(kind=TriggerKind.BOT_UNAVAILABLE), degraded=True)


def _did_that_help(claim: Claim, language: str, article: str) -> BotText:
    def words(what: Say) -> str:
        return say(what, language, claim.formality)

    payload = f'{{"article":"{article}"}}'
    return BotText(
        text=words(Say.HELPED),
        choices=(
            Choice(title=words(Say.YES), payload=f"/feedback_helpful{payload}"),
            Choice(title=words(Say.NO), payload=f"/feedback_not_helpful{payload}"),
            Choice(title=words(Say.PERSON), payload=ASK_PERSON),
        ),
    )
