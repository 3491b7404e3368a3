"""Conversations as dialogues, one JSON object a line: what `staffel handoff score` and other programs read."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.statements import is_spoken
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
            lines = await _dialogues(session, ids, masked=masked)
        for line in lines:
            yield line


async def _dialogues(session: AsyncSession, ids: Sequence[str], *, masked: bool) -> list[str]:
    rows = await session.execute(select(Conversation.id, Conversation.language).where(Conversation.id.in_(ids)))
    languages = {id_: language for id_, language in rows}
    turns: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    said = await session.scalars(
        select(Message)
        .where(Message.conversation_id.in_(ids), is_spoken())
        .order_by(Message.conversation_id, Message.seq)
    )
    for message in said:
        if not message.facts.withdrawn:
            turns[message.conversation_id].append(_turn(message, masked=masked))
    return [_line(id_, languages[id_], turns[id_]) for id_ in ids if turns.get(id_) and id_ in languages]


def _turn(message: Message, *, masked: bool) -> dict[str, str]:
    return {
        "author": str(message.author),
        "text": mask(message.text) if masked else message.text,
        "at": message.created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def _line(id_: str, language: str, turns: Sequence[dict[str, str]]) -> str:
    spoken = {"language": language} if language in LANGUAGES else {}
    return json.dumps({"id": id_, **spoken, "turns": turns}, ensure_ascii=False) + "\n"
