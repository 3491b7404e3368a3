"""Which desks may hear a hint: those of agents who may read the conversation that it is about."""

import asyncio
from collections import OrderedDict

from helpdesk.conversations.visibility import has_private_team, load_private_readers
from helpdesk.observability.change_hints import Hint
from store.db import Database
from store.errors import Unavailable
from store.freshness import Freshness

#: Whether any team is private is read again after so long, should the word of a change have been lost.
_KNOWN_FOR_SECONDS = 600.0
#: Hints whose readers are kept until every desk has heard them.
MAX_HINTS = 200

type Readers = frozenset[str] | None


class HintReaders:
    """Loads who may read once for each hint, however many desks are open; nothing while no team is private."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_fresh = Freshness(db.feed, ("teams",), seconds=_KNOWN_FOR_SECONDS)
        self._has_private = False
        self._loading: OrderedDict[int, tuple[Hint, asyncio.Task[Readers]]] = OrderedDict()

    async def may_hear(self, hint: Hint, agent_id: str) -> bool:
        """Whether an agent may be told; not while nobody can say who may read."""
        conversation_id = getattr(hint, "conversation_id", None)
        if conversation_id is None:
            return True
        try:
            readers = await self._readers_of(hint, conversation_id)
        except Unavailable:
            return False
        return readers is None or agent_id in readers

    async def _readers_of(self, hint: Hint, conversation_id: str) -> Readers:
        """Who may read it as of after the hint; `None`: everybody."""
        if self._is_fresh and not self._has_private:
            return None
        key = id(hint)  # every desk gets the same object, which is kept here so that no other takes its place
        if key not in self._loading:
            self._loading[key] = (hint, asyncio.create_task(self._load(conversation_id)))
            if len(self._loading) > MAX_HINTS:
                self._loading.popitem(last=False)
        return await asyncio.shield(self._loading[key][1])

    async def _load(self, conversation_id: str) -> Readers:
        mark = self._is_fresh.begin()
        async with self._db.read() as session:
            if not self._is_fresh:
                self._has_private = await has_private_team(session)
                self._is_fresh.renew(mark)
            if not self._has_private:
                return None
            return (await load_private_readers(session, [conversation_id])).get(conversation_id)
