"""Editing: drafts, publishing, and two people who do it at once."""

import asyncio
from typing import Any

import pytest

from knowledge.articles.article_list import ArticleFilter, list_articles
from knowledge.articles.catalogue import read_changes, read_revision
from knowledge.articles.drafts import ArticleView, archive, discard_draft, load, publish, restore, save_draft
from store.db import Database
from store.errors import Conflict, Invalid, NotFound
from store.models import ArticleState


def _draft(answer: str = "Da.", category: str | None = "orders") -> dict[str, Any]:
    return {"category": category, "variants": {"de": {"question": "Wo?", "phrasings": ["wo denn"], "answer": answer}}}


async def _published(db: Database, key: str = "delivery", answer: str = "Da.") -> ArticleView:
    saved = await save_draft(db, key, _draft(answer), by="anna")
    return await publish(db, key, by="anna", expected_version=saved.version)


async def test_from_draft_to_published(db: Database) -> None:
    saved = await save_draft(db, "delivery", _draft(), by="anna")
    assert (saved.state, saved.version, saved.published) == (ArticleState.DRAFT, 1, None)
    assert await read_revision(db) == 0
    shown = await publish(db, "delivery", by="ben", expected_version=1)
    assert (shown.state, shown.version, shown.draft, shown.changed_by) == (ArticleState.PUBLISHED, 2, None, "ben")
    assert shown.published == saved.draft
    assert shown.revision == await read_revision(db) == 1
    assert await load(db, "delivery") == shown


async def test_a_draft_of_a_published_article_leaves_customers_what_they_see(db: Database) -> None:
    before = await _published(db)
    saved = await save_draft(db, "delivery", _draft("Neu."), by="ben", expected_version=before.version)
    assert saved.published == before.published
    assert saved.content.variants["de"].answer == "Neu."
    assert (await read_changes(db, since=before.revision)).published == ()


async def test_two_people_do_not_overwrite_each_other(db: Database) -> None:
    before = await _published(db)
    await save_draft(db, "delivery", _draft("Anna."), by="anna", expected_version=before.version)
    with pytest.raises(Conflict, match="changed by anna in the meantime: you were looking at version 2, now it is 3"):
        await save_draft(db, "delivery", _draft("Ben."), by="ben", expected_version=before.version)
    assert (await load(db, "delivery")).content.variants["de"].answer == "Anna."


async def test_of_two_who_save_at_the_same_moment_one_is_told(db: Database) -> None:
    before = await _published(db)
    results = await asyncio.gather(
        *(save_draft(db, "delivery", _draft(by), by=by, expected_version=before.version) for by in ("anna", "ben")),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["ArticleView", "Conflict"]


async def test_revisions_of_articles_published_at_once_are_all_different(db: Database) -> None:
    views = [await save_draft(db, f"a{number}", _draft(), by="anna") for number in range(5)]
    shown = await asyncio.gather(*(publish(db, view.key, by="anna", expected_version=view.version) for view in views))
    assert sorted(view.revision for view in shown) == [1, 2, 3, 4, 5]


async def test_a_new_article_needs_a_new_key(db: Database) -> None:
    await _published(db)
    with pytest.raises(Conflict, match="There is an article"):
        await save_draft(db, "delivery", _draft(), by="ben")
    with pytest.raises(NotFound):
        await save_draft(db, "other", _draft(), by="ben", expected_version=3)


async def test_a_bad_draft_is_refused_by_its_field(db: Database) -> None:
    with pytest.raises(Invalid, match=r'"variants\.de\.answer"'):
        await save_draft(db, "delivery", {"variants": {"de": {"question": "Wo?"}}}, by="anna")
    with pytest.raises(NotFound):
        await load(db, "delivery")


async def test_html_in_a_draft_becomes_markdown(db: Database) -> None:
    saved = await save_draft(db, "delivery", _draft("<p>Da.</p><script>x</script>"), by="anna")
    assert saved.content.variants["de"].answer == "Da."


async def test_publishing_twice_says_that_there_is_nothing_to_publish(db: Database) -> None:
    before = await _published(db)
    with pytest.raises(Conflict, match="has no draft"):
        await publish(db, "delivery", by="anna", expected_version=before.version)
    assert await read_revision(db) == before.revision


async def test_archive_and_restore(db: Database) -> None:
    before = await _published(db)
    gone = await archive(db, "delivery", by="anna", expected_version=before.version)
    assert (await read_changes(db, since=before.revision)).gone == {"delivery"}
    with pytest.raises(Conflict, match="archived already"):
        await archive(db, "delivery", by="anna", expected_version=gone.version)
    back = await restore(db, "delivery", by="anna", expected_version=gone.version)
    assert (back.state, back.published) == (ArticleState.PUBLISHED, before.published)
    assert [article.key for article in (await read_changes(db, since=gone.revision)).published] == ["delivery"]
    with pytest.raises(Conflict, match="isn't archived"):
        await restore(db, "delivery", by="anna", expected_version=back.version)


async def test_a_discarded_draft_leaves_the_published_text_or_nothing(db: Database) -> None:
    before = await _published(db)
    saved = await save_draft(db, "delivery", _draft("Neu."), by="anna", expected_version=before.version)
    after = await discard_draft(db, "delivery", by="anna", expected_version=saved.version)
    assert after is not None
    assert (after.draft, after.published) == (None, before.published)
    fresh = await save_draft(db, "fresh", _draft(), by="anna")
    assert await discard_draft(db, "fresh", by="anna", expected_version=fresh.version) is None
    with pytest.raises(NotFound):
        await load(db, "fresh")


async def test_articles_are_listed_by_words_state_category_and_language(db: Database) -> None:
    await _published(db, "delivery", "Mit der Straßenbahn.")
    await save_draft(db, "returns", _draft(category="after"), by="anna")

    async def keys(**wanted: Any) -> list[str]:
        return [view.key for view in await list_articles(db, ArticleFilter(**wanted))]

    assert await keys() == ["delivery", "returns"]
    assert await keys(text="STRASSENBAHN") == ["delivery"]
    assert await keys(state=ArticleState.DRAFT) == ["returns"]
    assert await keys(category="after") == ["returns"]
    assert await keys(language="en") == []
    assert await keys(has_draft=False) == ["delivery"]
