"""The commands that write files: articles in every form and back, conversations, ratings, figures, dialogues."""

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from connectors.contract import Channel
from helpdesk.host.cli.audit import audit
from helpdesk.host.cli.contact import contact
from helpdesk.host.cli.export import export
from helpdesk.host.cli.knowledge import knowledge
from store.db import Database
from store.migrate import upgrade_async
from store.models import Contact
from tests.integration.past_dialogues import BOT, CONTACT, keep

ROOT = Path(__file__).parents[2]
ARTICLES = [
    {
        "key": "hours",
        "category": "shop",
        "variants": {
            "de": {
                "question": "Wann; offen?",
                "phrasings": ["+49 anrufen", "öff\nnung"],
                "answer": "- von 9\n- bis 17 😀",
            },
            "en": {"question": '"When"?', "phrasings": [], "answer": "=9 to 5"},
        },
    },
    {"key": "2026-01-03", "variants": {"de": {"question": "1/2?", "phrasings": ["1,5"], "answer": " @home\r\n"}}},
]
FILE = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in ARTICLES)


def staffel(home: Path, module: str, *arguments: str, given: bytes = b"") -> bytes:
    """What the command writes."""
    ran = subprocess.run(
        [sys.executable, "-m", f"helpdesk.host.cli{module}", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "STAFFEL_HOME": str(home), "STAFFEL_DATABASE_URL": ""},
        check=False,
        timeout=100,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation with articles that spreadsheets and text files like to spoil."""
    (tmp_path / "articles.jsonl").write_text(FILE, "utf-8")
    staffel(tmp_path, ".knowledge", "import", str(tmp_path / "articles.jsonl"))
    return tmp_path


def changes_nothing(home: Path, name: str, raw: bytes) -> bool:
    (home / name).write_bytes(raw)
    shown = staffel(home, ".knowledge", "import", str(home / name), "--dry-run").decode()
    return "0 new, 0 changed, 2 unchanged, 0 archived, 0 refused." in shown


def test_articles_come_back_from_every_form_without_a_difference(home: Path) -> None:
    for form in ("jsonl", "csv", "xlsx", "markdown"):
        raw = staffel(home, ".knowledge", "export", "--format", form)
        assert changes_nothing(home, f"faq.{'md' if form == 'markdown' else form}", raw), form


def test_what_excel_saves_of_our_csv_comes_back(home: Path) -> None:
    """Excel opens the file with semicolons, and saves without a byte order mark what its code page has, or UTF-16."""
    raw = staffel(home, ".knowledge", "export", "--format", "csv", "--separator", ";")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    for encoding, separator in (("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", ",")):
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator).writerows(rows)
        assert changes_nothing(home, "saved.csv", written.getvalue().encode(encoding)), (encoding, separator)
    plain = [[cell.replace(" 😀", "") for cell in row] for row in rows]  # the old code page has none: Excel writes "?"
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(plain)
    (home / "saved.csv").write_bytes(written.getvalue().encode("cp1252"))
    shown = staffel(home, ".knowledge", "import", str(home / "saved.csv"), "--dry-run").decode()
    assert "de.answer: - von 9↵- bis 17[- 😀-]" in shown
    assert "0 new, 1 changed, 1 unchanged" in shown


def test_folders_are_written(home: Path) -> None:
    staffel(home, ".knowledge", "export", "--format", "markdown", "--folder", str(home / "faq"))
    assert sorted(path.name for path in (home / "faq").iterdir()) == ["2026-01-03.md", "hours.md"]
    staffel(home, ".knowledge", "export", "--format", "site", "--folder", str(home / "help"))
    assert (home / "help" / "de" / "index.html").read_text("utf-8").startswith("<!doctype html>")


async def test_conversations_ratings_figures_and_dialogues_are_written(tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'staffel.db'}")
    await upgrade_async(db)
    await keep(db, "ida", (CONTACT, "mail ida@example.org"), (BOT, "Danke."))
    await db.close()
    for kind in ("conversations", "ratings", "figures"):
        told = staffel(tmp_path, "", "export", kind, "--separator", ";", "--days", "30").decode("utf-8-sig")
        workbook = load_workbook(io.BytesIO(staffel(tmp_path, "", "export", kind, "--format", "xlsx")))
        assert told.splitlines()[0].split(";") == [cell.value for cell in workbook.worksheets[0][1]], kind
    assert b"mail \xe2\x80\xa6" in staffel(tmp_path, "", "export", "dialogues")
    assert b"ida@example.org" in staffel(tmp_path, "", "export", "dialogues", "--unmasked")


def test_what_is_taken_out_or_erased_by_command_is_entered_with_user_and_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path))
    monkeypatch.setenv("STAFFEL_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/staffel.db")
    contact_id = asyncio.run(_add_contact(f"sqlite+aiosqlite:///{tmp_path}/staffel.db"))
    staffel_program = click.Group("staffel", commands=[contact, export, knowledge, audit])

    def run(*arguments: str) -> str:
        ran = CliRunner().invoke(staffel_program, arguments, prog_name="staffel", catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    run("contact", "export", contact_id)
    run("contact", "export", contact_id, "--archive", str(tmp_path / "ida.zip"))
    run("export", "conversations")
    run("export", "dialogues", "--unmasked")
    run("knowledge", "export")
    run("contact", "erase", contact_id, "--yes")
    entries = [json.loads(line) for line in run("audit", "show").splitlines()]

    assert {(entry["actor"]["kind"], entry["actor"]["id"]) for entry in entries} == {("command", str(os.getuid()))}
    assert [(entry["action"], entry["after"]["command"]) for entry in reversed(entries)] == [
        ("privacy.people.export", "staffel contact export"),
        ("privacy.people.export", "staffel contact export"),
        ("export.conversations", "staffel export conversations"),
        ("export.dialogues", "staffel export dialogues"),
        ("articles.export", "staffel knowledge export"),
        ("privacy.people.erase", "staffel contact erase"),
        ("audit.export", "staffel audit show"),
    ]
    assert entries[1]["subject"] == contact_id
    assert entries[1]["after"]["status"] == "done"
    assert entries[3]["after"]["masked"] == "false"
    assert "ida@example.org" not in json.dumps(entries)


async def _add_contact(url: str) -> str:
    db = Database(url)
    await upgrade_async(db)
    async with db.write() as session:
        row = Contact(channel=Channel.WEBCHAT, account="main", external_id="v1", email="ida@example.org")
        session.add(row)
        await session.flush()
        found = row.id
    await db.close()
    return found
