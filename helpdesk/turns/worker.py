"""Working on turns: claim what is due, look it up, ask the bot, store the reply. Nothing is held meanwhile."""

import asyncio
import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions import answer as answer_from_articles
from actions.memory import read_memory
from actions.reply import Reply
from connectors.contract import Choice
from helpdesk.conversations import Conversations
from helpdesk.conversations.bot_replies import load_turn_messages, store_reply
from helpdesk.conversations.bot_reply import BotReply, BotText, HandoffWish, TurnQuestion
from helpdesk.handoff.dialogue import SMALL_TALK
from helpdesk.handoff.rules import Decision
from helpdesk.handoff.triggers import TriggerKind
from helpdesk.observability import metrics
from helpdesk.rewording import Rewording
from helpdesk.texts import Say, say
from helpdesk.turns.handoff_check import Assessment, HandoffCheck, TurnResult
from helpdesk.turns.rasa_client import BotError, BotRequest, RasaClient
from helpdesk.turns.reply_policy import apply_decision
from knowledge.message.clauses import MOST_CLAUSES
from knowledge.message.understanding import ConversationTopic, MessageUnderstanding, QuestionPart, understand
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.errors import Unavailable
from store.failpoints import Failpoint, failpoint
from store.models import AskedQuestion, Conversation, Turn, TurnStatus, new_id, now
from store.settings import Settings

log = structlog.get_logger()

IDLE = 1.0  # seconds between looks for turns that another instance opened or dropped
MOST_ATTEMPTS = 3  # a turn that kills its worker each time becomes a fallback
MOST_KEPT = 5  # candidates of a question that are remembered
TAPPED_ARTICLE = re.compile(r'/faq\{"article":\s*"(?P<key>[^"]+)"\}')  # the payload of an article's button
MARGIN = 1.0  # seconds of the deadline that are kept for storing the fallback


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTurn:
    """A turn of ours, with everything that is needed to answer it without a transaction.

    `last_asked` is what was asked in the last turn that asked something, in order.
    """

    turn_id: str
    conversation_id: str
    channel: str
    language: str
    formality: str
    last_article: str | None
    last_asked: tuple[TurnQuestion, ...]
    text: str
    payload: str | None
    attempts: int
    seqs: tuple[int, ...] = ()


class TurnWorker:
    """Answers what customers wrote, each conversation one turn at a time."""

    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        library: Library,
        rasa: RasaClient,
        judge: HandoffCheck,
        rewording: Rewording | None = None,
    ) -> None:
        self.db = db
        self.conversations = conversations
        self.library = library
        self.rasa = rasa
        self.judge = judge
        self.rewording = rewording
        self.settings: Settings = conversations.settings
        self.name = new_id()
        self._news = asyncio.Event()
        self._at_work: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be a new turn."""
        self._news.set()

    async def run(self) -> None:
        """ClaimedTurn and answer until cancelled; what is being answered then is finished first."""
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
            await self.conversations.inbound_priority.calm()
            claim = await self.claim()
            if claim is None:
                return
            task = asyncio.create_task(self._work(claim))
            self._at_work.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        self.wake()

    async def claim(self) -> ClaimedTurn | None:
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
            questions = await load_turn_messages(session, turn)
            conversation = await session.get_one(Conversation, turn.conversation_id)
            claim = ClaimedTurn(
                turn_id=turn.id,
                conversation_id=conversation.id,
                channel=str(conversation.channel),
                language=conversation.language,
                formality=conversation.formality,
                last_article=conversation.last_article,
                last_asked=await _last_asked(session, conversation.id),
                text="\n".join(question.text for question in questions),
                payload=questions[-1].payload if questions else None,
                attempts=turn.attempts,
                seqs=tuple(question.seq for question in questions),
            )
        failpoint(Failpoint.TURN_AFTER_CLAIM)
        return claim

    async def _work(self, claim: ClaimedTurn) -> None:
        started = perf_counter()
        self.conversations.live.typing(claim.conversation_id, author="bot", name=self.settings.bot_name, on=True)
        try:
            reply = await self._in_other_words(claim, await self.answer(claim), started)
            failpoint(Failpoint.TURN_AFTER_RASA)
            stood = await store_reply(self.conversations, claim.turn_id, self.name, reply)
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

    async def answer(self, claim: ClaimedTurn) -> BotReply:
        """The reply to a turn, by the deadline: the bot's, else an honest fallback."""
        understood: MessageUnderstanding | None = None
        if claim.attempts > MOST_ATTEMPTS:
            return await self._judged(claim, understood, fallback(claim, self.settings))
        try:
            async with asyncio.timeout(self.settings.turn_deadline - MARGIN):
                understood = await self._understand(claim)
                reply = await self.rasa.ask(question(claim, understood))
        except (BotError, TimeoutError) as error:
            log.warning("turn.bot_failed", turn=claim.turn_id, reason=str(error) or "deadline")
            metrics.BOT_FAILURES.inc()
            reply = await self._without_bot(claim, understood)
        language = reply.language or (understood.whole.language if understood else None)
        reply = replace(reply, language=language, asked=await self._asked(claim, understood, reply))
        return await self._judged(claim, understood, reply)

    async def _judged(self, claim: ClaimedTurn, understood: MessageUnderstanding | None, reply: BotReply) -> BotReply:
        """The reply as the rules of the handoff let it pass, or what they put in its place."""
        found = understood.whole if understood else None
        best = next(iter(found.candidates), None) if found else None
        reply = replace(
            reply,
            outcome=str(found.outcome) if found and best else None,  # in an empty knowledge base nothing is looked for
            confidence=round(best.confidence, 4) if best else None,
        )
        said = next((text.article for text in reply.texts if text.article), None)
        answered = best.article if best and found and found.outcome is SearchOutcome.ANSWER else None
        judged = await self._judge(claim, reply, said or answered)
        return apply_decision(
            reply, judged, text=claim.text, seqs=claim.seqs, language=claim.language, formality=claim.formality
        )

    async def _judge(self, claim: ClaimedTurn, reply: BotReply, article: str | None) -> Assessment:
        """What the rules say; with a database that is too busy to read, nothing: an answer is not to wait for that."""
        answered = TurnResult(
            conversation_id=claim.conversation_id,
            seqs=claim.seqs,
            outcome=reply.outcome,
            confidence=reply.confidence,
            article=article,
            reply=reply,
        )
        try:
            return await self.judge.judge(answered)
        except Unavailable:
            log.warning("turn.not_judged", turn=claim.turn_id, conversation=claim.conversation_id)
            return Assessment(decision=Decision(), moods=(), spoken=())

    async def _in_other_words(self, claim: ClaimedTurn, reply: BotReply, started: float) -> BotReply:
        """The same reply, reworded if an admin has switched that on and the turn's deadline leaves time for it."""
        left = self.settings.turn_deadline - MARGIN - (perf_counter() - started)
        if self.rewording is None or claim.payload or left <= 0:
            return reply
        language, formality = reply.language or claim.language, reply.formality or claim.formality
        return await self.rewording.reword_reply(claim.text, reply, language, formality, within=left)

    async def _understand(self, claim: ClaimedTurn) -> MessageUnderstanding | None:
        if claim.payload:
            return None
        return await understand(self.library, claim.text, claim.language, await self._topic(claim))

    async def _topic(self, claim: ClaimedTurn) -> ConversationTopic | None:
        """What a follow-up would lean on: the article that was said last, else what was asked last in vain."""
        asked = claim.last_asked[-1] if claim.last_asked else None
        key = asked.article if asked else claim.last_article
        answer = await self.library.answer(key, claim.language) if key else None
        if answer:
            return ConversationTopic(article=answer.key, question=answer.question)
        return ConversationTopic(article=None, question=asked.text) if asked else None

    async def _asked(
        self, claim: ClaimedTurn, understood: MessageUnderstanding | None, reply: BotReply
    ) -> tuple[TurnQuestion, ...]:
        if understood:
            return () if reply.intent in SMALL_TALK else asked_of(claim, understood, reply)
        tapped = TAPPED_ARTICLE.fullmatch(claim.payload or "")
        said = next((text.article for text in reply.texts if text.article), None)
        if not tapped or said is None or tapped["key"] != said:
            return ()
        answer = await self.library.answer(said, claim.language)
        return (asked_by_tap(claim, said, answer.question if answer else said),)

    async def _without_bot(self, claim: ClaimedTurn, understood: MessageUnderstanding | None) -> BotReply:
        """What surely answers is better than an excuse; otherwise a person. Said by the bot's own actions."""
        if understood is None or not any(part.found.outcome is SearchOutcome.ANSWER for part in understood.parts):
            return fallback(claim, self.settings)
        metadata = question(claim, understood).metadata
        past = read_memory({}, {"text": claim.text, "metadata": metadata}, [{"event": "user", "text": claim.text}])
        said = await answer_from_articles(past, self.library)
        texts = tuple(_as_text(reply) for reply in said)
        if not any(text.article for text in texts):
            return fallback(claim, self.settings)
        return BotReply(texts=texts, language=metadata["language"], degraded=True)


async def _last_asked(session: AsyncSession, conversation_id: str) -> tuple[TurnQuestion, ...]:
    rows = await session.scalars(
        select(AskedQuestion)
        .where(AskedQuestion.conversation_id == conversation_id)
        .order_by(AskedQuestion.asked_at.desc(), AskedQuestion.id.desc())
        .limit(MOST_CLAUSES)
    )
    found = list(rows)
    return tuple(_as_asked(row) for row in reversed(found) if row.turn_id == found[0].turn_id)


def _as_asked(row: AskedQuestion) -> TurnQuestion:
    return TurnQuestion(
        text=row.text,
        language=row.language,
        outcome=row.outcome,
        article=row.article,
        confidence=row.confidence,
        candidates=tuple((str(key), float(sure)) for key, sure in row.candidates),
    )


def asked_of(claim: ClaimedTurn, understood: MessageUnderstanding, reply: BotReply) -> tuple[TurnQuestion, ...]:
    """What the customer asked and what became of it, for the admin's gaps and figures."""
    said = [text.article for text in reply.texts if text.article]
    return tuple(
        TurnQuestion(
            text=part.text if understood.is_several else claim.text,
            language=part.found.language or understood.whole.language or claim.language,
            outcome=str(part.found.outcome),
            article=_said_for(part, said) if understood.is_several else next(iter(said), None),
            confidence=part.found.candidates[0].confidence if part.found.candidates else None,
            candidates=tuple((one.article, round(one.confidence, 4)) for one in part.found.candidates[:MOST_KEPT]),
        )
        for part in understood.parts
    )


def _said_for(part: QuestionPart, said: Sequence[str]) -> str | None:
    first = next(iter(part.found.candidates), None)
    answered = part.found.outcome is SearchOutcome.ANSWER and first is not None and first.article in said
    return first.article if first and answered else None


def asked_by_tap(claim: ClaimedTurn, article: str, question: str) -> TurnQuestion:
    """The question that was asked back and is now cleared up, else the article's own."""
    for asked in claim.last_asked:
        if asked.article is None and article in (key for key, _ in asked.candidates):
            return replace(asked, outcome=str(SearchOutcome.ANSWER), article=article)
    return TurnQuestion(text=question, language=claim.language, outcome=str(SearchOutcome.ANSWER), article=article)


def question(claim: ClaimedTurn, understood: MessageUnderstanding | None) -> BotRequest:
    """What the bot gets to see of a turn: everything it needs, so that it embeds nothing itself."""
    whole = understood.whole if understood else None
    metadata: dict[str, Any] = {
        "language": (whole.language if whole else None) or claim.language,
        "formality": claim.formality,
        "channel": claim.channel,
        "last_article": claim.last_article,
    }
    if understood and whole:
        metadata |= {"embedding": base64.b64encode(whole.embedding.astype("<f4").tobytes()).decode(), **_found(whole)}
        if understood.is_several:
            metadata["parts"] = [{"text": part.text, **_found(part.found)} for part in understood.parts]
    return BotRequest(
        turn_id=claim.turn_id,
        conversation_id=claim.conversation_id,
        text=None if claim.payload else claim.text,
        payload=claim.payload,
        metadata=metadata,
    )


def _found(found: SearchResult) -> dict[str, Any]:
    candidates = [
        {"article": one.article, "confidence": round(one.confidence, 4), "question": one.question}
        for one in found.candidates
    ]
    return {"outcome": str(found.outcome), "candidates": candidates}


def fallback(claim: ClaimedTurn, settings: Settings) -> BotReply:
    """An honest sentence and a person."""
    text = say(Say.UNAVAILABLE, claim.language, claim.formality, bot=settings.bot_name)
    return BotReply(texts=(BotText(text=text),), handoff=HandoffWish(kind=TriggerKind.BOT_UNAVAILABLE), degraded=True)


def _as_text(reply: Reply) -> BotText:
    related = tuple((str(one["article"]), str(one["question"])) for one in reply.custom.get("related", ()))
    return BotText(
        text=reply.text,
        choices=tuple(Choice(title=choice.title, payload=choice.payload) for choice in reply.choices),
        article=reply.custom.get("article"),
        lead=reply.custom.get("lead"),
        related=related,
    )
