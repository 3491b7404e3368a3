"""Our texts in other words, if they still say the same; else, and for every doubt, ours. Never raises for a model."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from time import perf_counter

import structlog

from bot_protocol import BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.observability import metrics
from helpdesk.rewording.endpoint import EndpointError, EndpointTimeout, LanguageModelClient
from helpdesk.rewording.prompts import Messages, ask_for_answer, ask_for_lines, read_lines
from helpdesk.rewording.redaction import RedactedTexts, UnmaskableText, hide
from helpdesk.rewording.service import LanguageModelService, LanguageModelServices
from helpdesk.rewording.verification import Fault, Objection, check
from knowledge.articles.fold import fold
from knowledge.search.language import detect
from store.errors import HelpdeskError
from store.models import now

log = structlog.get_logger()

ANSWER_WITHIN = 2.5  # seconds for an answer: a customer waits
SUMMARY_WITHIN = 4.0  # seconds for a summary: an agent reads ours meanwhile
MIN_LENGTH = 40  # characters; less than this is short enough as it is
MAX_LENGTH = 3_000  # characters of a text that is sent
REMEMBERED = 200  # attempts that the admin page counts


class RewordingOutcome(StrEnum):
    """What became of an attempt."""

    USED = "used"
    REFUSED = "refused"
    LATE = "late"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One question to the model. `sent` is what left the house, `theirs` what came back, `texts` what may be used.

    The words are for whoever asked; what is remembered of an attempt has none.
    """

    what: str
    ending: RewordingOutcome
    at: datetime
    seconds: float = 0.0
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    sent: tuple[str, ...] = field(default=(), repr=False)
    theirs: tuple[str, ...] = field(default=(), repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    objections: tuple[Objection, ...] = field(default=(), repr=False)


class Rewording:
    """Asks, checks, counts. Asks nobody as long as no admin has switched it on."""

    def __init__(self, services: LanguageModelServices, endpoint: LanguageModelClient | None = None) -> None:
        self.services = services
        self.endpoint = endpoint or LanguageModelClient()
        self.attempts: deque[Attempt] = deque(maxlen=REMEMBERED)

    async def reword_reply(
        self, question: str, reply: BotReply, language: str, formality: str, *, within: float = ANSWER_WITHIN
    ) -> BotReply:
        """The reply with the one answer from an article in other words, or as it was. `within` is in seconds.

        A reply with several answers, with a short answer, or made without the bot, stays as it is.
        """
        answers = [text for text in reply.texts if text.article]
        if len(answers) != 1 or answers[0].short or reply.degraded:
            return reply
        reworded = await self.reword_answer(question, answers[0].text, language, formality, within=within)
        if reworded is None:
            return reply
        return replace(reply, texts=tuple(_in_words(text, reworded) if text.article else text for text in reply.texts))

    async def reword_answer(
        self, question: str, answer: str, language: str, formality: str, *, within: float = ANSWER_WITHIN
    ) -> str | None:
        """The answer in other words; None: use ours."""
        service = await self._switched_on("answers")
        is_fit = MIN_LENGTH <= len(answer) <= MAX_LENGTH and detect(answer, language).language in {None, language}
        if service is None or not is_fit or not question.strip():
            return None
        attempt = await self.try_answer(service, question, answer, language, formality, within=within)
        return attempt.texts[0] if attempt.ending is RewordingOutcome.USED else None

    async def reword_lines(
        self, lines: Sequence[str], language: str, *, names: Sequence[str] = (), within: float = SUMMARY_WITHIN
    ) -> tuple[str, ...] | None:
        """A summary's lines in other words, all of them or none; None: use ours. `names` are of people known to us."""
        service = await self._switched_on("summaries")
        if service is None or not lines or sum(map(len, lines)) > MAX_LENGTH:
            return None
        attempt = await self.try_lines(service, lines, language, names=names, within=within)
        return attempt.texts if attempt.ending is RewordingOutcome.USED else None

    async def try_answer(
        self,
        service: LanguageModelService,
        question: str,
        answer: str,
        language: str,
        formality: str,
        *,
        within: float = ANSWER_WITHIN,
    ) -> Attempt:
        """Ask whatever the switches say, for an admin who tries it. The question is no evidence: it may claim all."""
        request = _Request(
            what="answer",
            beside=question[:MAX_LENGTH],
            evidence=(answer,),
            language=language,
            ask=lambda beside, evidence: ask_for_answer(beside, evidence[0], language, formality),
            read=lambda text: (text,),
        )
        return await self._try(service, request, min(within, ANSWER_WITHIN))

    async def try_lines(
        self,
        service: LanguageModelService,
        lines: Sequence[str],
        language: str,
        *,
        names: Sequence[str] = (),
        within: float = SUMMARY_WITHIN,
    ) -> Attempt:
        """The same for lines. One line that says something else makes all of them suspect."""
        request = _Request(
            what="summary",
            beside="",
            evidence=tuple(lines),
            language=language,
            names=tuple(names),
            ask=lambda _, evidence: ask_for_lines(evidence, language),
            read=lambda text: read_lines(text, len(lines)),
        )
        return await self._try(service, request, min(within, SUMMARY_WITHIN))

    async def close(self) -> None:
        """Give the connections back."""
        await self.endpoint.close()

    async def _switched_on(self, switch: str) -> LanguageModelService | None:
        """The model, if an admin has switched it on for this. A database that is away, or a lost key, means no."""
        try:
            service = await self.services.find()
        except HelpdeskError as error:
            log.warning("rewording.not_known", reason=error.code)
            return None
        return service if service is not None and getattr(service, switch) else None

    async def _try(self, service: LanguageModelService, request: "_Request", within: float) -> Attempt:
        """A fault of our own costs the customer nothing either: it is logged and counts as broken."""
        started = perf_counter()
        try:
            attempt = await self._ask(service, request, within)
        except Exception as fault:
            log.exception("rewording.broke", what=request.what)
            attempt = Attempt(what=request.what, ending=RewordingOutcome.BROKEN, at=now(), reason=type(fault).__name__)
        attempt = replace(attempt, seconds=round(perf_counter() - started, 3))
        metrics.REWORDINGS.labels(attempt.what, str(attempt.ending)).inc()
        log.info(
            "rewording.tried",
            what=attempt.what,
            ending=str(attempt.ending),
            seconds=attempt.seconds,
            faults=[str(fault) for fault in attempt.faults],
            reason=attempt.reason,
        )
        self.attempts.append(replace(attempt, sent=(), theirs=(), texts=(), objections=()))
        return attempt

    async def _ask(self, service: LanguageModelService, request: "_Request", within: float) -> Attempt:
        attempt = Attempt(what=request.what, ending=RewordingOutcome.BROKEN, at=now())
        try:
            hidden = hide((request.beside, *request.evidence), request.names)
        except UnmaskableText as reason:
            return replace(attempt, ending=RewordingOutcome.REFUSED, reason=reason.code)
        beside, *evidence = hidden.texts
        attempt = replace(attempt, sent=hidden.texts)
        try:
            text = await self.endpoint.ask(service.target, request.ask(beside, evidence), within=within)
        except EndpointTimeout as failure:
            return replace(attempt, ending=RewordingOutcome.LATE, reason=str(failure))
        except EndpointError as failure:
            return replace(attempt, reason=str(failure))
        theirs = request.read(text)
        if theirs is None:
            return replace(attempt, ending=RewordingOutcome.REFUSED, reason="other_form", theirs=(text,))
        return await asyncio.to_thread(_judged, replace(attempt, theirs=theirs), evidence, request.language, hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What is asked: `beside` is sent along and proves nothing, each of `evidence` is to be put into other words."""

    what: str
    beside: str
    evidence: tuple[str, ...]
    language: str
    ask: Callable[[str, Sequence[str]], Messages]
    read: Callable[[str], tuple[str, ...] | None]
    names: tuple[str, ...] = ()


def _judged(attempt: Attempt, evidence: Sequence[str], language: str, hidden: RedactedTexts) -> Attempt:
    pairs = zip(attempt.theirs, evidence, strict=True)
    objections = tuple(chain.from_iterable(check(text, ours, language) for text, ours in pairs))
    if objections:
        faults = tuple(dict.fromkeys(objection.fault for objection in objections))
        return replace(attempt, ending=RewordingOutcome.REFUSED, objections=objections, faults=faults)
    return replace(attempt, ending=RewordingOutcome.USED, texts=tuple(hidden.show(text) for text in attempt.theirs))


def _in_words(text: BotMessage, reworded: str) -> BotMessage:
    """The fold is where the new words have theirs."""
    return replace(text, text=reworded, lead=fold(reworded))
