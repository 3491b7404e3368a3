"""One turn from claim to stored reply: a list of steps over one value that fills up.

Whoever reads a turn follows `steps()` down this file. Nothing is held meanwhile: no transaction, no lock.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy.exc import NoResultFound

import tracing
from connectors.contract import Channel
from helpdesk.conversations import Conversations
from helpdesk.conversations.bot_replies import store_reply
from helpdesk.conversations.bot_reply import BotReply, Company
from helpdesk.conversations.log.copied_words import have_bot_forget
from helpdesk.handoff.dialogue import SMALL_TALK
from helpdesk.handoff.rules import Decision
from helpdesk.lookups.current_lookups import CurrentLookups
from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.observability import metrics
from helpdesk.rewording import Rewording
from helpdesk.turns.bot_request import bot_request
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.company import company_for, urgent_company
from helpdesk.turns.foreign_languages import nearest_language, with_offered_languages
from helpdesk.turns.handoff_check import Assessment, HandoffCheck, TurnResult
from helpdesk.turns.mail_policy import mail_reply
from helpdesk.turns.rasa_client import BotError, RasaClient
from helpdesk.turns.reply_policy import apply_decision
from helpdesk.turns.reply_without_bot import (
    fallback_reply,
    files_reply,
    go_on_reply,
    reply_from_articles,
    wants_nobody,
)
from helpdesk.turns.turn_questions import is_for_no_article, load_questions, load_topic
from knowledge.message import understanding
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from store.errors import NotFound, Unavailable
from store.failpoints import Failpoint, failpoint
from store.models import now
from store.settings import Settings
from store.triggers import TriggerKind

log = structlog.get_logger()

MAX_ATTEMPTS = 3  # a turn that kills its worker each time becomes a fallback
STORE_SECONDS = 1.0  # of the deadline that bot and rewording leave to what comes after them
MAX_STORE_PAUSE_SECONDS = 2.0  # between tries to store a finished reply
LATE_SECONDS = 1.0  # for a turn that is claimed too late: enough to search and to store, not to wait for the bot


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTools:
    """What the steps work with. `deadline_seconds` lie between the customer's message and the stored reply.

    `settings` gives those in force: the bot's name, and the language of answers to one that isn't offered.
    """

    conversations: Conversations
    library: Library
    rasa: RasaClient
    handoff_check: HandoffCheck
    rewording: Rewording | None
    settings: Callable[[], Settings]
    deadline_seconds: float
    lookups: CurrentLookups | None = None
    notices: CurrentNotices | None = None


def _no_assessment() -> Assessment:
    return Assessment(decision=Decision(round=0), moods=(), spoken=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInProgress:
    """A turn as far as it has come. `reply` is what would be stored if time were out now: at first the fallback.

    `deadline` is in seconds of the event loop's clock. `understood` stays None for a pressed button; `lookup` names
    what the message asks to be looked up, if it does.
    """

    claimed: ClaimedTurn
    deadline: float
    reply: BotReply
    understood: MessageUnderstanding | None = None
    lookup: str | None = None
    assessment: Assessment = field(default_factory=_no_assessment)

    @property
    def seconds_left(self) -> float:
        """Until the deadline; negative when it is over."""
        return self.deadline - asyncio.get_running_loop().time()

    @property
    def is_given_up(self) -> bool:
        """Whether nothing is tried any more, because every worker broke that tried."""
        return self.claimed.attempts > MAX_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, and the seconds before the deadline at which it ends; None: it needs no time and is never left out."""

    run: Callable[[TurnInProgress, TurnTools], Awaitable[TurnInProgress]]
    leaves: float | None


def steps(claimed: ClaimedTurn) -> tuple[Step, ...]:
    """What is done between claiming a turn and storing its reply. What does not fit any more is left out.

    Whoever waits for a person is not judged again, and the bot's dialogue rests.
    """
    if not claimed.text and not claimed.payload and not claimed.is_waiting:
        return (Step(run=acknowledge_files, leaves=None),)
    if not Channel(claimed.channel).is_live:
        return (
            Step(run=understand, leaves=0.5),
            Step(run=recognise_lookup, leaves=STORE_SECONDS),
            Step(run=answer_mail, leaves=0.4),
            Step(run=note_questions, leaves=0.3),
            Step(run=note_disturbances, leaves=0.25),
            Step(run=check_handoff, leaves=0.2),
            Step(run=apply_mail_policy, leaves=None),
            Step(run=name_languages, leaves=None),
        )
    if claimed.is_waiting:
        return (
            Step(run=understand, leaves=0.5),
            Step(run=keep_company, leaves=0.4),
            Step(run=note_questions, leaves=0.3),
            Step(run=note_disturbances, leaves=0.2),
            Step(run=name_languages, leaves=None),
        )
    return (
        Step(run=understand, leaves=0.5),
        Step(run=recognise_lookup, leaves=STORE_SECONDS),
        Step(run=ask_bot, leaves=STORE_SECONDS),
        Step(run=answer_without_bot, leaves=0.4),
        Step(run=heed_denial, leaves=0.35),
        Step(run=note_questions, leaves=0.3),
        Step(run=check_handoff, leaves=0.2),
        Step(run=apply_policy, leaves=None),
        Step(run=reword, leaves=0.5),
        Step(run=note_disturbances, leaves=0.2),
        Step(run=name_languages, leaves=None),
    )


async def answer_turn(claimed: ClaimedTurn, tools: TurnTools) -> None:
    """Follow the steps and store what came of them, however long the database is away meanwhile."""
    with tracing.turn(
        claimed.turn_id,
        arrived_at=claimed.arrived_at,
        attempt=claimed.attempts,
        conversation=claimed.conversation_id,
        channel=claimed.channel,
        language=claimed.language,
        messages=len(claimed.seqs),
        waited_seconds=max(0.0, (now() - claimed.arrived_at).total_seconds()),
    ):
        await _answer_turn(claimed, tools)


async def _answer_turn(claimed: ClaimedTurn, tools: TurnTools) -> None:
    turn = begin(claimed, tools)
    for step in steps(claimed):
        with tracing.span(f"turn.{step.run.__name__}"):
            turn = await run_in_time(step, turn, tools)
    try:
        with tracing.span("turn.store"):
            stands = await store(turn, tools)
    except NotFound:  # erased meanwhile, with its conversation; the bot may have been asked after it had forgotten
        async with tools.conversations.db.write() as session:
            await have_bot_forget(session, [claimed.conversation_id])
        return
    seconds = max(0.0, (now() - claimed.arrived_at).total_seconds())
    outcome = "fallback" if turn.reply.degraded else "answered" if stands else "withheld"
    metrics.TURNS.labels(outcome).inc()
    metrics.TURN_SECONDS.observe(seconds)
    if seconds > tools.deadline_seconds:
        metrics.TURNS_LATE.inc()
    tracing.note(outcome=outcome)
    log.info("turn.done", **_ids(turn), outcome=outcome, seconds=round(seconds, 3))


def begin(claimed: ClaimedTurn, tools: TurnTools) -> TurnInProgress:
    """The turn with its deadline, which counts from what the customer has seen last: their message, or a reply."""
    waited = max(0.0, (now() - claimed.opened_at).total_seconds())
    left = max(tools.deadline_seconds - waited, LATE_SECONDS)
    return TurnInProgress(
        claimed=claimed,
        deadline=asyncio.get_running_loop().time() + left,
        reply=BotReply(texts=(), company=Company.ADDED)
        if claimed.is_waiting
        else fallback_reply(claimed, tools.settings().bot_name),
    )


async def run_in_time(step: Step, turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The turn after the step, or as it was when there is no time for it or it breaks: the next ones make do."""
    left = None if step.leaves is None else turn.seconds_left - step.leaves
    try:
        if left is None or left > 0:
            async with asyncio.timeout(left):
                return await step.run(turn, tools)
    except (TimeoutError, Unavailable, NotFound, NoResultFound) as error:
        tracing.note(left_out=type(error).__name__)
        log.warning("turn.step_left_out", **_ids(turn), step=step.run.__name__, error=type(error).__name__)
    except Exception:
        tracing.note(left_out="broke")
        log.exception("turn.step_broke", **_ids(turn), step=step.run.__name__)
    else:
        tracing.note(left_out="no_time")
        log.warning("turn.step_left_out", **_ids(turn), step=step.run.__name__)
    return turn


async def understand(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """Language, embedding and articles of what was written, computed once. A pressed button needs none of it."""
    claimed = turn.claimed
    if claimed.payload or turn.is_given_up:
        return turn
    topic = await load_topic(tools.library, claimed)
    for_others = nearest_language(claimed, tools.settings().foreign_language)
    understood = await understanding.understand(
        tools.library, claimed.text, claimed.language, topic, for_others=for_others
    )
    return replace(turn, understood=understood)


async def recognise_lookup(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """Whether a service of the company's knows the answer, rather than an article."""
    if tools.lookups is None or turn.understood is None:
        return turn
    asked = await tools.lookups.recognise(turn.claimed.text, turn.understood.whole, tools.library)
    return replace(turn, lookup=asked)


async def keep_company(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """What the bot can do for somebody who waits for a person."""
    understood = turn.understood
    language = understood.whole.language if understood else None
    claimed = replace(turn.claimed, language=language or turn.claimed.language)
    is_written = claimed.text and not claimed.payload
    touched = await tools.handoff_check.find_touched(claimed.text, claimed.language) if is_written else ()
    reply = urgent_company(claimed, touched) or await company_for(claimed, understood, tools.library)
    return replace(turn, reply=replace(reply, language=language))


async def acknowledge_files(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The bot reads words only, and says so."""
    return replace(turn, reply=files_reply(turn.claimed))


async def ask_bot(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The bot's reply, if it gives one."""
    if turn.is_given_up:
        return turn
    try:
        reply = await tools.rasa.ask(bot_request(turn.claimed, turn.understood, turn.lookup))
    except BotError as error:
        tracing.note(bot_failed=str(error))
        log.warning("turn.bot_failed", **_ids(turn), reason=str(error))
        return turn
    return replace(turn, reply=reply)


async def answer_without_bot(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """Where the bot is down, too late or not asked: an article that surely answers is better than an excuse."""
    if not turn.reply.degraded:
        return turn
    metrics.BOT_FAILURES.inc()
    reply = await reply_from_articles(turn.claimed, turn.understood, tools.library)
    return replace(turn, reply=reply) if reply else turn


async def answer_mail(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The articles that surely answer a first mail. Nobody is asked back by mail, so the bot's dialogue rests."""
    is_for_person = turn.lookup is not None or turn.claimed.has_written
    found = None if is_for_person else await reply_from_articles(turn.claimed, turn.understood, tools.library)
    return replace(turn, reply=found or BotReply(texts=()))


async def apply_mail_policy(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The reply to a mail, with the request for a person that goes with each."""
    claimed = turn.claimed
    reply = mail_reply(
        turn.reply, turn.assessment, seqs=claimed.seqs, language=claimed.language, formality=claimed.formality
    )
    return replace(turn, reply=reply)


async def heed_denial(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """Where the bot took "nobody need call me" for the wish for a person: what surely answers, else we go on here."""
    claimed, wish = turn.claimed, turn.reply.handoff
    if wish is None or wish.kind != TriggerKind.ASKED or not wants_nobody(claimed):
        return turn
    reply = await reply_from_articles(claimed, turn.understood, tools.library)
    return replace(turn, reply=replace(reply, degraded=False) if reply else go_on_reply(claimed))


async def note_questions(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """What was asked, and how sure the search was; in an empty knowledge base nothing is looked for."""
    if turn.reply.answered is not None:  # an answer to the bot's own question asks nothing
        return turn
    whole = turn.understood.whole if turn.understood else None
    is_searched = whole is not None and not is_for_no_article(turn.reply)
    best = next(iter(whole.candidates), None) if whole and is_searched else None
    reply = replace(
        turn.reply,
        language=turn.reply.language or (whole.language if whole else None),
        asked=await load_questions(tools.library, turn.claimed, turn.understood, turn.reply),
        outcome=str(whole.outcome) if whole and best else None,
        confidence=round(best.confidence, 4) if best else None,
    )
    return replace(turn, reply=reply)


async def check_handoff(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """What the rules say of the dialogue."""
    result = TurnResult(
        heard=turn.claimed.heard,
        seqs=turn.claimed.seqs,
        outcome=turn.reply.outcome,
        confidence=turn.reply.confidence,
        topic=_topic_of(_answering_article(turn), tools.library),
        reply=turn.reply,
    )
    return replace(turn, assessment=await tools.handoff_check.judge(result))


async def apply_policy(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The reply as the rules let it pass, or what they put in its place."""
    claimed = turn.claimed
    reply = apply_decision(
        turn.reply,
        turn.assessment,
        text=claimed.text,
        seqs=claimed.seqs,
        language=claimed.language,
        formality=claimed.formality,
    )
    return replace(turn, reply=reply)


async def reword(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """The same reply in other words, if an admin has switched that on and there is time for it."""
    claimed, reply, left = turn.claimed, turn.reply, turn.seconds_left - STORE_SECONDS
    if tools.rewording is None or claimed.payload or left <= 0:
        return turn
    language, formality = reply.language or claimed.language, reply.formality or claimed.formality
    reworded = await tools.rewording.reword_reply(claimed.text, reply, language, formality, within=left)
    return replace(turn, reply=reworded)


async def note_disturbances(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """What is known to be out of order and is asked about; the words of admins are told as they stand."""
    claimed, reply = turn.claimed, turn.reply
    if tools.notices is None or claimed.payload:
        return turn
    whole = turn.understood.whole if turn.understood else None
    concerned = await tools.notices.find_concerned(claimed.text, whole)
    is_unanswered = whole is not None and whole.outcome is SearchOutcome.NONE
    is_miss = is_unanswered and reply.request is None and reply.intent not in SMALL_TALK
    has_article = any(text.article for text in reply.texts)
    return replace(turn, reply=replace(reply, notices=concerned, is_miss=is_miss and not has_article))


async def name_languages(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """Once a conversation, to who writes a language that isn't offered: which are. It stands before the reply."""
    foreign = turn.understood.foreign if turn.understood else None
    return replace(turn, reply=with_offered_languages(turn.reply, turn.claimed, foreign)) if foreign else turn


async def store(turn: TurnInProgress, tools: TurnTools) -> bool:
    """Store the reply; False when a person has taken over meanwhile and it is withheld.

    While the database is away the finished reply waits here, until it is stored or until another worker has the turn,
    which `store_reply` finds out. Raises `NotFound` when the conversation has been erased.
    """
    failpoint(Failpoint.TURN_AFTER_RASA)
    tries = 0
    while (stands := await _try_to_store(turn, tools)) is None:
        tries += 1
        if tries == 1:
            log.warning("turn.waits_for_database", **_ids(turn))
        longest = min(MAX_STORE_PAUSE_SECONDS, 0.1 * 2.0 ** min(tries, 16))
        await asyncio.sleep(random.uniform(longest / 2, longest))
    if tries:  # a try whose end nobody heard of may have stored it, and told nobody
        tools.conversations.live.changed(turn.claimed.conversation_id)
    return stands


async def _try_to_store(turn: TurnInProgress, tools: TurnTools) -> bool | None:
    """As `store`; None while the database is away."""
    try:
        return await store_reply(tools.conversations, turn.claimed.lease, turn.reply)
    except Unavailable:
        return None


def _answering_article(turn: TurnInProgress) -> str | None:
    """The article that was said, else the one that would have answered."""
    said = next((text.article for text in turn.reply.texts if text.article), None)
    whole = turn.understood.whole if turn.understood else None
    best = next(iter(whole.candidates), None) if whole else None
    return said or (best.article if whole and best and whole.outcome is SearchOutcome.ANSWER else None)


def _topic_of(article: str | None, library: Library) -> str | None:
    """The category of an article that is published."""
    entry = library.snapshot.by_key.get(article) if article else None
    return entry.content.category if entry else None


def _ids(turn: TurnInProgress) -> dict[str, str]:
    return {"turn": turn.claimed.turn_id, "conversation": turn.claimed.conversation_id}
