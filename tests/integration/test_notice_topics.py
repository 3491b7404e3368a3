"""How often a message is taken for what it is about: four notices, German and English, beside the sample articles."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.notices.notice import Notice
from helpdesk.notices.notice_store import NoticeStore
from knowledge.articles.content import read_content
from knowledge.articles.publishing import publish_all
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from store.db import Database

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).parents[2]
SETS = ROOT / "tests" / "data" / "notices"
MIN_RECALL = 0.9


async def fill_library(db: Database, library: Library) -> None:
    lines = map(json.loads, (ROOT / "data/faq/shop.jsonl").read_text("utf-8").splitlines())
    contents = {line.pop("key"): read_content(line) for line in lines}
    async with db.write() as session:
        await publish_all(session, contents, "test")
    await library.start()


async def test_nine_in_ten_that_ask_about_it_are_found_and_nobody_else(db: Database, three_models: ThreeModels) -> None:
    library = Library(db, three_models)
    await fill_library(db, library)
    store = NoticeStore(db)
    for line in map(json.loads, (SETS / "notices.jsonl").read_text("utf-8").splitlines()):
        notice = Notice(
            name=line["name"],
            texts=line["texts"],
            categories=tuple(line["categories"]),
            words=tuple(line["words"]),
            starts_at=datetime.now(UTC),
        )
        await store.add(notice, is_on=True, by="Ada")
    notices = CurrentNotices(store, library)

    missed, wrong, concerned = [], [], 0
    for line in map(json.loads, (SETS / "messages.jsonl").read_text("utf-8").splitlines()):
        found = await library.search(line["text"], None)
        taken = {view.notice.name for view in await notices.find_concerned(line["text"], found)}
        concerned += line["concerned"]
        if line["concerned"] and line["notice"] not in taken:
            missed.append(line["text"])
        if not line["concerned"] and line["notice"] in taken:
            wrong.append(line["text"])

    assert wrong == []
    assert len(missed) <= concerned * (1 - MIN_RECALL), missed
