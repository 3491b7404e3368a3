"""What can be taken along beside the articles: conversations without words, ratings, figures by day, dialogues."""

import csv
import io
import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from connectors.contract import Author
from helpdesk.handoff.dialogue_file import read_dialogue
from helpdesk.insights import records
from helpdesk.insights.dialogue_export import write_dialogues
from helpdesk.insights.record_files import write_csv, write_xlsx
from helpdesk.insights.records import RecordKind, load_records
from store.db import Database
from store.models import Contact, HelpJudgement, MessageFacts, now
from tests.integration.past_dialogues import BOT, CONTACT, keep
from tests.past_questions import PastQuestion, store_questions

YEAR = timedelta(days=365)


async def _rows(db: Database, kind: RecordKind, separator: str = ",") -> list[dict[str, str]]:
    pieces = [piece async for piece in write_csv(load_records(db, kind, now() - YEAR), separator)]
    text = b"".join(pieces).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


async def test_conversations_come_without_words_and_names(db: Database) -> None:
    await keep(db, "ida", (CONTACT, "wo ist mein paket"), (BOT, "Unterwegs."), (Author.AGENT, "Ich sehe nach."))
    async with db.write() as session:
        (await session.scalars(select(Contact))).one().name = "Ida Muster"
    [row] = await _rows(db, RecordKind.CONVERSATIONS)
    assert (row["channel"], row["customer_lines"], row["bot_lines"], row["agent_lines"]) == ("webchat", "1", "1", "1")
    assert not {"Ida", "paket", "Unterwegs"} & set(" ".join(row.values()).split())


async def test_every_conversation_comes_once_however_many_are_read_together(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 3)
    for number in range(7):
        await keep(db, f"c{number}", (CONTACT, "hallo"))
    rows = await _rows(db, RecordKind.CONVERSATIONS)
    assert len({row["conversation"] for row in rows}) == len(rows) == 7


async def test_a_conversation_says_what_became_of_its_questions(db: Database) -> None:
    await store_questions(
        db,
        [
            PastQuestion(text="a", customer="1", outcome="answer", article="returns", words=(("returns", True),)),
            PastQuestion(text="b", customer="1", handed_over=True),
        ],
    )
    [row] = await _rows(db, RecordKind.CONVERSATIONS, ";")
    told = {name: row[name] for name in ("questions", "answered", "articles", "handoffs", "helped", "did_not_help")}
    assert told == {
        "questions": "2",
        "answered": "1",
        "articles": "returns",
        "handoffs": "1",
        "helped": "1",
        "did_not_help": "0",
    }


async def test_ratings_of_answers_and_of_help_pages_stand_together(db: Database) -> None:
    await store_questions(
        db, [PastQuestion(text="a", customer="1", outcome="answer", article="returns", words=(("returns", False),))]
    )
    async with db.write() as session:
        session.add(HelpJudgement(article="delivery", day=now().date(), helpful=True, times=4))
    rows = await _rows(db, RecordKind.RATINGS)
    assert [(row["given_on"], row["article"], row["helpful"], row["times"]) for row in rows] == [
        ("answer", "returns", "no", "1"),
        ("help page", "delivery", "yes", "4"),
    ]


async def test_figures_have_a_row_for_each_day(db: Database) -> None:
    await store_questions(
        db,
        [
            PastQuestion(text="a", customer="1", outcome="answer", article="x", words=(("x", True),), ago=timedelta(0)),
            PastQuestion(text="b", customer="2", outcome="clarify", ago=timedelta(days=2)),
            PastQuestion(text="c", customer="3", ago=timedelta(days=2)),
        ],
    )
    table = load_records(db, RecordKind.FIGURES, now() - YEAR)
    sheet = load_workbook(io.BytesIO(await write_xlsx(table, "Figures"))).worksheets[0]
    head, *rows = [list(row) for row in sheet.values]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["questions"], row["answered"], row["asked_back"], row["unanswered"]) for row in told] == [
        (2, 0, 1, 1),
        (1, 1, 0, 0),
    ]
    days = [f"{row['day']:%Y-%m-%d}" for row in told]
    assert days == [f"{now() - timedelta(days=2):%Y-%m-%d}", f"{now():%Y-%m-%d}"]


async def test_dialogues_can_be_read_again_and_are_masked(db: Database) -> None:
    deleted = MessageFacts(withdrawn=True)
    lines = ((CONTACT, "meine mail ist ida@example.org"), (BOT, "Danke."), (CONTACT, "geheim"))
    name = await keep(db, "ida", *lines, line_3=deleted)
    [line] = [line async for line in write_dialogues(db, now() - YEAR)]
    dialogue = read_dialogue(line)
    assert (dialogue.id, [said.author for said in dialogue.said]) == (name, ["contact", "bot"])
    assert dialogue.said[0].text == "meine mail ist …"
    [whole] = [line async for line in write_dialogues(db, now() - YEAR, masked=False)]
    assert json.loads(whole)["turns"][0]["text"] == "meine mail ist ida@example.org"
