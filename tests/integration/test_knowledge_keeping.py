"""Keeping articles: states, versions and the way back, windows that open by themselves, and two people at once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection

from helpdesk.accounts.agents import add_agent
from knowledge.articles import drafts
from knowledge.articles.article_list import ArticleFilter, count_stages, find_articles, list_categories
from knowledge.articles.catalogue import read_changes, read_revision
from knowledge.articles.drafts import ArticleView, load, publish, roll_back, save_draft
from knowledge.articles.editor_presence import note_editor
from knowledge.articles.publication_scheduler import AT_MOST_EVERY, PublicationScheduler, pass_edges
from knowledge.articles.states import TRANSITIONS, next_state
from knowledge.articles.versions import KEPT_DRAFTS, list_versions, load_version
from knowledge.search.library import Library
from store import migrate
from store.db import Database
from store.errors import Conflict
from store.migrate import upgrade_async
from store.models import ArticleEvent, ArticleState, Role, now
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _draft(answer: str = "Da.", **more: Any) -> dict[str, Any]:
    return {"variants": {"de": {"question": "Wo?", "phrasings": ["wo denn"], "answer": answer}}, **more}


async def _published(db: Database, answer: str = "Da.", *, key: str = "a", **more: Any) -> ArticleView:
    version = (await load(db, key)).version if key in await _keys(db) else None
    saved = await save_draft(db, key, _draft(answer, **more), by="anna", expected_version=version)
    return await publish(db, key, by="anna", expected_version=saved.version)


async def _keys(db: Database, **wanted: Any) -> list[str]:
    return [view.key for view in (await find_articles(db, ArticleFilter(**wanted))).views]


def _answer(view: ArticleView) -> str:
    assert view.published
    return view.published.variants["de"].answer


# States


async def test_a_draft_goes_through_a_review_with_its_comments(db: Database) -> None:
    saved = await save_draft(db, "a", _draft(), by="anna")
    asked = await drafts.submit(db, "a", by="anna", expected_version=saved.version, comment="Stimmt der Preis?")
    assert (asked.stage, asked.state) == (ArticleState.REVIEW, ArticleState.DRAFT)
    back = await drafts.send_back(db, "a", by="ben", expected_version=asked.version, comment="Nein.")
    assert back.stage == ArticleState.DRAFT
    again = await drafts.submit(db, "a", by="anna", expected_version=back.version)
    shown = await publish(db, "a", by="ben", expected_version=again.version, comment="Gut.")
    assert (shown.stage, shown.draft) == (ArticleState.PUBLISHED, None)
    noted = [(one.event, one.author, one.comment) for one in await list_versions(db, "a")]
    assert noted == [
        (ArticleEvent.PUBLISH, "ben", "Gut."),
        (ArticleEvent.SUBMIT, "anna", None),
        (ArticleEvent.RETURN, "ben", "Nein."),
        (ArticleEvent.SUBMIT, "anna", "Stimmt der Preis?"),
        (ArticleEvent.SAVE, "anna", None),
    ]


async def test_a_published_article_stays_visible_while_its_draft_is_reviewed(db: Database) -> None:
    before = await _published(db)
    saved = await save_draft(db, "a", _draft("Neu."), by="anna", expected_version=before.version)
    asked = await drafts.submit(db, "a", by="anna", expected_version=saved.version)
    assert (asked.state, asked.stage, _answer(asked)) == (ArticleState.PUBLISHED, ArticleState.REVIEW, "Da.")
    fixed = await save_draft(db, "a", _draft("Neuer."), by="ben", expected_version=asked.version)
    assert fixed.stage == ArticleState.REVIEW


async def test_what_the_table_does_not_hold_is_refused(db: Database) -> None:
    before = await _published(db)
    with pytest.raises(Conflict, match="has no draft"):
        await drafts.submit(db, "a", by="anna", expected_version=before.version)
    saved = await save_draft(db, "a", _draft("Neu."), by="anna", expected_version=before.version)
    with pytest.raises(Conflict, match="can't 'return'"):
        await drafts.send_back(db, "a", by="anna", expected_version=saved.version)
    gone = await drafts.archive(db, "a", by="anna", expected_version=saved.version)
    with pytest.raises(Conflict, match="can't 'rollback'"):
        await roll_back(db, "a", to=1, by="anna", expected_version=gone.version)
    back = await drafts.restore(db, "a", by="anna", expected_version=gone.version)
    assert (back.state, back.stage, back.draft is not None) == (ArticleState.PUBLISHED, ArticleState.DRAFT, True)


def test_every_state_can_be_left_and_reached() -> None:
    assert {state for state, _ in TRANSITIONS} == set(TRANSITIONS.values()) == set(ArticleState)
    assert {event for _, event in TRANSITIONS} == set(ArticleEvent)
    assert next_state(ArticleState.REVIEW, ArticleEvent.PUBLISH) == ArticleState.PUBLISHED


# Versions


async def test_every_published_version_can_be_read_and_gone_back_to(db: Database) -> None:
    for answer in ("Eins.", "Zwei."):
        await _published(db, answer)
    view = await _published(db, "Drei.")
    first = (await load_version(db, "a", 2)).content
    assert first.variants["de"].answer == "Eins."
    back = await roll_back(db, "a", to=2, by="ben", expected_version=view.version)
    assert (_answer(back), back.changed_by, back.revision) == ("Eins.", "ben", await read_revision(db))
    newest = (await list_versions(db, "a"))[0]
    assert (newest.event, newest.number, newest.content) == (ArticleEvent.ROLLBACK, back.version, first)


async def test_going_back_keeps_the_draft_and_the_window(db: Database) -> None:
    await _published(db, "Alt.")
    view = await _published(db, "Neu.", valid_until="2099-01-01T00:00:00Z", owner="anna@example.org")
    saved = await save_draft(db, "a", _draft("Entwurf."), by="anna", expected_version=view.version)
    back = await roll_back(db, "a", to=2, by="ben", expected_version=saved.version)
    assert back.published
    assert back.draft
    assert (_answer(back), back.published.owner) == ("Alt.", "anna@example.org")
    assert back.published.valid_until == datetime(2099, 1, 1, tzinfo=UTC)
    assert (back.draft.variants["de"].answer, back.stage) == ("Entwurf.", ArticleState.DRAFT)


async def test_saved_drafts_are_kept_up_to_fifty_and_published_versions_for_ever(db: Database) -> None:
    view = await _published(db, "Erste.")
    for number in range(KEPT_DRAFTS + 5):
        view = await save_draft(db, "a", _draft(f"{number}."), by="anna", expected_version=view.version)
    kept = await list_versions(db, "a")
    saved = [one for one in kept if one.event == ArticleEvent.SAVE]
    assert len(saved) == KEPT_DRAFTS
    assert saved[0].content.variants["de"].answer == f"{KEPT_DRAFTS + 4}."
    assert [one.number for one in kept if one.event == ArticleEvent.PUBLISH] == [2]


async def test_articles_from_before_versions_get_their_first_one(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    await _upgrade_to(database, "0002")
    async with database.write() as session:
        for statement in (
            "INSERT INTO articles (key, state, draft, version, revision, created_at, changed_at, changed_by) VALUES "
            '(\'a\', \'published\', \'{"variants": {"de": {"question": "Wo?", "answer": "Bald."}}}\', 3, 1, '
            "'2026-01-01 00:00:00+00:00', '2026-01-02 00:00:00+00:00', 'anna')",
            "INSERT INTO variants (article_key, language, question, phrasings, answer) "
            "VALUES ('a', 'de', 'Wo?', '[\"wo denn\"]', 'Da.')",
        ):
            await session.execute(sa.text(statement.replace(":", "\\:")))
    await upgrade_async(database)
    view = await load(database, "a")
    assert (view.stage, view.in_window) == (ArticleState.DRAFT, True)
    versions = await list_versions(database, "a")
    assert [(one.number, one.event, one.content.variants["de"].answer, one.author) for one in versions] == [
        (3, ArticleEvent.SAVE, "Bald.", "anna"),
        (2, ArticleEvent.PUBLISH, "Da.", "anna"),
    ]
    await database.close()


async def _upgrade_to(database: Database, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with database.write() as session:
        await (await session.connection()).run_sync(upgrade)


# Windows


async def test_an_article_is_seen_from_its_first_edge_on_and_no_more_from_the_second(db: Database) -> None:
    begins, ends = now() + timedelta(hours=1), now() + timedelta(hours=2)
    view = await _published(db, valid_from=begins.isoformat(), valid_until=ends.isoformat())
    assert not view.in_window
    assert (await read_changes(db, since=0)).published == ()
    assert await pass_edges(db, begins - timedelta(seconds=2)) == 0
    assert await pass_edges(db, begins) == 1
    assert [one.key for one in (await read_changes(db, since=view.revision)).published] == ["a"]
    shown = await read_revision(db)
    assert await pass_edges(db, ends) == 1
    assert (await read_changes(db, since=shown)).gone == {"a"}
    assert await pass_edges(db, ends + timedelta(days=1)) == 0


async def test_two_calendars_turn_an_article_over_once(db: Database) -> None:
    await _published(db, valid_from=(now() + timedelta(hours=1)).isoformat())
    later = now() + timedelta(hours=2)
    assert sorted(await asyncio.gather(pass_edges(db, later), pass_edges(db, later))) == [0, 1]


async def test_every_instance_answers_with_it_within_two_seconds_of_its_edge(db: Database) -> None:
    libraries = [Library(db, LetterCounts()) for _ in range(2)]
    for library in libraries:
        await library.start()
    begins = now() + timedelta(seconds=1)
    tasks = [
        asyncio.create_task(work()) for work in (PublicationScheduler(db).run, *(library.run for library in libraries))
    ]
    try:
        await _published(db, valid_from=begins.replace(microsecond=0).isoformat())

        async def seen() -> bool:
            return all("a" in library.snapshot.by_key for library in libraries)

        await eventually(seen, "the article on both instances")
        assert now() - begins < timedelta(seconds=2 + AT_MOST_EVERY)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# Finding


async def test_articles_are_found_by_what_is_to_be_done_with_them(db: Database) -> None:
    await _published(db, key="a", owner="anna@example.org", review_on="2026-12-01", category="orders")
    await _published(db, key="b", valid_until=(now() - timedelta(days=1)).isoformat())
    saved = await save_draft(db, "c", _draft(), by="anna")
    await drafts.submit(db, "c", by="anna", expected_version=saved.version)
    assert await _keys(db, owner="anna@example.org") == ["a"]
    assert await _keys(db, owner="") == ["b", "c"]
    assert await _keys(db, review_by=date(2026, 12, 1)) == ["a"]
    assert await _keys(db, review_by=date(2026, 11, 30)) == []
    assert await _keys(db, in_window=False) == ["b"]
    assert await _keys(db, stage=ArticleState.REVIEW) == ["c"]
    assert await _keys(db, stage=ArticleState.PUBLISHED) == ["a", "b"]
    assert await _keys(db, missing_language="en") == ["a", "b", "c"]
    assert await _keys(db, missing_language="de") == []
    assert await list_categories(db) == ["orders"]
    counted = await count_stages(db)
    assert (counted[ArticleState.PUBLISHED], counted[ArticleState.REVIEW], counted[ArticleState.DRAFT]) == (2, 1, 0)


async def test_a_page_of_the_list_knows_how_many_there_are(db: Database) -> None:
    for number in range(5):
        await save_draft(db, f"a{number}", _draft(), by="anna")
    for wanted in (ArticleFilter(), ArticleFilter(text="wo")):
        page = await find_articles(db, wanted, offset=2, limit=2)
        assert ([view.key for view in page.views], page.total) == (["a2", "a3"], 5)


async def test_a_confirmed_review_moves_its_day_and_shows_customers_nothing_new(db: Database) -> None:
    before = await _published(db, review_on="2026-11-01")
    after = await drafts.confirm_review(db, "a", by="ben", expected_version=before.version, review_on=date(2027, 5, 1))
    assert after.published
    assert after.published.review_on == date(2027, 5, 1)
    assert after.revision == before.revision == await read_revision(db)


# Two people


async def test_who_else_has_an_article_open_is_known_for_a_while(db: Database) -> None:
    anna = (await add_agent(db, "anna@example.org", "Anna", Role.ADMIN)).id
    ben = (await add_agent(db, "ben@example.org", "Ben", Role.ADMIN)).id
    assert await note_editor(db, "a", anna) == []
    assert await note_editor(db, "a", ben) == ["Anna"]
    assert await note_editor(db, "other", ben) == []
    async with db.write() as session:
        await session.execute(
            sa.text("UPDATE article_editors SET seen_at = :at"),
            {"at": "2026-01-01 00:00:00+00:00"} if db.is_sqlite else {"at": NOON - timedelta(days=300)},
        )
    assert await note_editor(db, "a", ben) == []
