"""What an article is called, for people who read its key in a log."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import Variant


async def load_article_titles(session: AsyncSession, keys: Collection[str], language: str) -> dict[str, str]:
    """The question of each article by its key, in `language` where there is one."""
    if not keys:
        return {}
    rows = await session.execute(
        select(Variant.article_key, Variant.question)
        .where(Variant.article_key.in_(keys))
        .order_by((Variant.language == language).asc())
    )
    return {key: question for key, question in rows}
