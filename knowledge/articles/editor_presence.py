"""Who has an article open. Their pages say so every few seconds; nothing depends on it, it only saves double work."""

from datetime import timedelta

from sqlalchemy import delete, select

from store.db import Database
from store.models import Agent, ArticleEditor, now
from store.upsert import insert_into

HERE_FOR = timedelta(seconds=40)
"""Whoever said so within this time has the article open; pages say so every 15 s."""

_FORGOTTEN_AFTER = timedelta(days=1)


async def note_editor(db: Database, key: str, agent_id: str) -> list[str]:
    """Note that `agent_id` has the article open; the names of the others who do."""
    at = now()
    row = {"article_key": key, "agent_id": agent_id, "seen_at": at}
    async with db.write() as session:
        noting = insert_into(session, ArticleEditor).values(row)
        await session.execute(
            noting.on_conflict_do_update(index_elements=["article_key", "agent_id"], set_={"seen_at": at})
        )
        await session.execute(delete(ArticleEditor).where(ArticleEditor.seen_at < at - _FORGOTTEN_AFTER))
        names = await session.scalars(
            select(Agent.name)
            .join(ArticleEditor, ArticleEditor.agent_id == Agent.id)
            .where(ArticleEditor.article_key == key, Agent.id != agent_id, ArticleEditor.seen_at > at - HERE_FOR)
            .order_by(Agent.name)
        )
        return list(names)
