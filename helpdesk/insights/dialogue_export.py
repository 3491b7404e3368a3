"""Conversations as dialogues, one JSON object a line: what `staffel handoff score` and other programs read."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.log.statements import is_spoken
from helpdesk.handoff.dialogue_file import LANGUAGES
from helpdesk.insights.records import read_conversation_ids
from knowledge.articles.masking import mask
from store.db import Database
from store.models import Conversation, Message


async def write_dialogues(db: Database, since: datetime, *, masked: bool = True) -> AsyncIterator[str]:
    """The conversations that began since then. `masked`: addresses, long numbers and names as they are known by "…".

    What customers have deleted is left out, and so is whoever wrote: a turn says contact, bot or agent.
    """
    async for ids in read_conversation_ids(db, since):
        async with db.read() as session:
            found = await _read_lines(session, ids)
        for line in await asyncio.to_thread(_written, found, masked=masked):  # masking takes a tenth of a millisecond
            yield line


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedDialogue:
    """A conversation's language, and who said what when."""

    id: str
    language: str
    said: Sequence[tuple[str, str, datetime]]


async def _read_lines(session: AsyncSession, ids: Sequence[str]) -> list[ExportedDialogue]:
    rows = await session.execute(select(Conversation.id, Conversation.language).where(Conversation.id.in_(ids)))
    languages = {id_: language for id_, language in rows}
    said: defaultdict[str, list[tuple[str, str, datetime]]] = defaultdict(list)
    columns = (Message.conversation_id, Message.author, Message.text, Message.created_at, Message.facts)
    lines = await session.execute(
        select(*columns)
        .where(Message.conversation_id.in_(ids), is_spoken())
        .order_by(Message.conversation_id, Message.seq)
    )
    for id_, author, text, at, facts in lines:
        if not facts.withdrawn:
            said[id_].append((str(author), text, at))
    return [
        ExportedDialogue(id=id_, language=languages[id_], said=said[id_])
        for id_ in ids
        if said.get(id_) and id_ in languages
    ]


def _written(dialogues: Sequence[ExportedDialogue], *, masked: bool) -> list[str]:
    return [_line(one.id, one.language, [_turn(*line, masked=masked) for line in one.said]) for one in dialogues]


def _turn(author: str, text: str, at: datetime, *, masked: bool) -> dict[str, str]:
    time = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"author": author, "text": mask(text) if masked else text, "at": time}


def _line(id_: str, language: str, turns: Sequence[dict[str, str]]) -> str:
    spoken = {"language": language} if language in LANGUAGES else {}
    return json.dumps({"id": id_, **spoken, "turns": turns}, ensure_ascii=False) + "\n"
