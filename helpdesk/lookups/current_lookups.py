"""The look-ups that are on, for every turn: kept in memory, recognised in messages, asked for the bot's actions."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select

from actions.lookups.lookup import Lookup, LookupOutcome, LookupResult
from helpdesk.accounts.errors import TooManySignIns
from helpdesk.accounts.throttle import count_attempts, forgive
from helpdesk.conversations.contacts.people import load_signed_in
from helpdesk.lookups.answer_values import is_proved, told_values
from helpdesk.lookups.client import LookupClient, LookupFailure, ServiceAnswer
from helpdesk.lookups.definition import LookupDefinition
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.lookups.recognition import (
    RecognisableLookup,
    is_about_a_value,
    is_answered,
    is_bare_value,
    is_example,
    is_meant,
    is_near,
    read_for,
    takes_the_place,
)
from helpdesk.observability import metrics
from knowledge.search.embedder import Embedder
from knowledge.search.library import Library
from knowledge.search.pipeline import SearchResult
from store.db import Database
from store.errors import Unavailable
from store.freshness import Freshness
from store.models import Conversation, now

log = structlog.get_logger()

FRESH_FOR = 60.0
"""Seconds until a change is looked for of which nothing was heard."""
HOUR = timedelta(hours=1)
MAX_ASKED = 10
"""Look-ups in vain that a contact, or a value that is asked for, may have within an hour."""


class CurrentLookups:
    """A `LookupSource`. A change that is announced holds at once."""

    def __init__(self, store: LookupStore, client: LookupClient, embedder: Embedder, zone: ZoneInfo) -> None:
        self.store = store
        self.client = client
        self._db: Database = store.db
        self._embedder = embedder
        self._zone = zone
        self._known: tuple[RecognisableLookup, ...] | None = None
        self._secrets: Mapping[str, str] = {}
        self._is_fresh = Freshness(self._db.feed, ("lookups",), seconds=FRESH_FOR)
        self._reading = asyncio.Lock()

    async def switched_on(self) -> Sequence[Lookup]:
        """What can be looked up at this moment; with a database that is away, what could be before."""
        return [one.definition.lookup for one in await self._look()]

    async def vouched_email(self, conversation_id: str) -> str | None:
        """The address of the customer whom the web site has signed in."""
        async with self._db.read() as session:
            customer = await load_signed_in(session, conversation_id)
        return customer.email if customer else None

    async def recognise(self, text: str, found: SearchResult, library: Library) -> str | None:
        """The name of the look-up that a message asks for. `found` is what the articles have for it."""
        for lookup in await self._look():
            if await self._is_asked(lookup, text, found, library):
                return lookup.definition.lookup.name
        return None

    async def look_up(self, name: str, values: Mapping[str, str], language: str, conversation_id: str) -> LookupResult:
        """Asks the service, unless it was asked too often."""
        lookup = next((one for one in await self._look() if one.definition.lookup.name == name), None)
        if lookup is None:
            return LookupResult(outcome=LookupOutcome.UNREACHABLE)
        definition = lookup.definition
        if definition.lookup.proofs and not await self._may_ask(definition, values, conversation_id):
            return _counted(definition, LookupResult(outcome=LookupOutcome.LIMITED))
        result = await self._ask(lookup, values, language)
        if definition.lookup.proofs and result.outcome is LookupOutcome.FOUND:
            contact, value = await self._keys(definition, values, conversation_id)
            await forgive(self._db, clear=value, refund=contact)
        return _counted(definition, result)

    async def _ask(self, lookup: RecognisableLookup, values: Mapping[str, str], language: str) -> LookupResult:
        definition, name = lookup.definition, lookup.definition.lookup.name
        try:
            answer = await self.client.ask(definition, values, language, self._secrets.get(name, ""))
        except LookupFailure as failure:
            log.warning("lookup.failed", lookup=name, reason=failure.reason, status=failure.status)
            return LookupResult(outcome=LookupOutcome.UNREACHABLE)
        return result_of(definition, values, answer, self._zone)

    async def close(self) -> None:
        """Give the connections back."""
        await self.client.close()

    async def _is_asked(self, lookup: RecognisableLookup, text: str, found: SearchResult, library: Library) -> bool:
        definition = lookup.definition
        read = read_for(definition, text)
        if is_bare_value(read) or takes_the_place(definition, found) or is_example(found.embedding, lookup.vectors):
            return True
        if is_answered(definition, found):
            return False
        if not read.has_value and not is_near(found.embedding, lookup.vectors):
            return False  # what was embedded for the search rules it out: nothing more is embedded
        [vector] = await asyncio.to_thread(self._embedder.embed_queries, [read.meaning])
        if read.has_value and is_about_a_value(lookup, vector, found):
            return True
        entries = (library.snapshot.by_key.get(one.article) for one in found.candidates)
        others = [entry.vectors for entry in entries if entry and entry.key not in definition.lookup.articles]
        return is_meant(vector, lookup.vectors, others, has_value=read.has_value)

    async def _may_ask(self, definition: LookupDefinition, values: Mapping[str, str], conversation_id: str) -> bool:
        """Numbers are not to be tried out, neither by one contact nor by many."""
        keys = await self._keys(definition, values, conversation_id)
        try:
            await count_attempts(self._db, keys, at=now(), limit=MAX_ASKED, window=HOUR)
        except TooManySignIns:
            return False
        return True

    async def _keys(
        self, definition: LookupDefinition, values: Mapping[str, str], conversation_id: str
    ) -> tuple[str, str]:
        """Under what tries are counted: the contact's, and those for what is asked about."""
        async with self._db.read() as session:
            contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == conversation_id))
        return (
            _key("contact", str(contact)),
            _key("value", *(values.get(one.name, "") for one in definition.lookup.needed)),
        )

    async def _look(self) -> tuple[RecognisableLookup, ...]:
        if self._known is not None and self._is_fresh:
            return self._known
        async with self._reading:
            if self._known is None or not self._is_fresh:
                await self._read()
        return self._known or ()

    async def _read(self) -> None:
        mark = self._is_fresh.begin()
        try:
            rows = await self.store.load_switched_on()
        except Unavailable:
            log.warning("lookups.database_away")
            return
        definitions = [view.definition for view, _ in rows]
        self._known = tuple(await asyncio.to_thread(self._recognisable, definitions))
        self._secrets = {view.definition.lookup.name: secret for view, secret in rows}
        self._is_fresh.renew(mark)

    def _recognisable(self, definitions: Collection[LookupDefinition]) -> list[RecognisableLookup]:
        """With the vectors of their sentences; those that are as before keep theirs."""
        before = {one.definition.phrasings: one.vectors for one in self._known or ()}
        return [
            RecognisableLookup(
                definition=one,
                vectors=before[one.phrasings]
                if one.phrasings in before
                else self._embedder.embed_queries(one.phrasings),
            )
            for one in definitions
        ]


def result_of(
    definition: LookupDefinition, values: Mapping[str, str], answer: ServiceAnswer, zone: ZoneInfo
) -> LookupResult:
    """What an answer means: nothing there and a proof that does not fit are the same. Pure."""
    told = told_values(definition, answer.content, zone)
    if not told or not is_proved(definition, values, answer.content):
        return LookupResult(outcome=LookupOutcome.NOT_FOUND)
    return LookupResult(outcome=LookupOutcome.FOUND, values=told)


def _counted(definition: LookupDefinition, result: LookupResult) -> LookupResult:
    metrics.LOOKUPS.labels(definition.lookup.name, str(result.outcome)).inc()
    return result


def _key(kind: str, *values: str) -> str:
    """Hashed, so that no order number stays behind in the table of attempts."""
    return f"lookup:{kind}:{hashlib.sha256(repr(values).encode()).hexdigest()[:40]}"
