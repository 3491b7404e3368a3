"""Import and export on a real database, and the commands that do it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from helpdesk.host.cli.plans import describe, write_folder
from knowledge.articles.article_list import list_articles
from knowledge.articles.catalogue import read_revision
from knowledge.articles.drafts import load, save_draft
from knowledge.formats import question_batch
from knowledge.formats.archives import read_folder
from knowledge.formats.file_formats import WRITERS
from knowledge.formats.file_reader import read_files
from knowledge.formats.import_plan import as_contents, make_plan
from knowledge.formats.problems import FileProblems
from knowledge.formats.transfer import (
    FileFormat,
    ImportCounts,
    ImportProgress,
    export_articles,
    import_articles,
    write_articles,
)
from knowledge.search.library import Library
from store.db import Database
from store.errors import Invalid
from store.models import ArticleState
from tests.fakes.embedder import LetterCounts

ROOT = Path(__file__).parents[2]


def _line(key: str, answer: str = "Da.", *phrasings: str) -> str:
    wording = {"question": f"Wo ist {key}?", "phrasings": list(phrasings), "answer": answer}
    return json.dumps({"key": key, "category": "orders", "variants": {"de": wording}}) + "\n"


async def _import(db: Database, text: str, *, replace: bool = False) -> ImportCounts:
    return await import_articles(db, LetterCounts(), io.BytesIO(text.encode()), by="import", replace=replace)


async def test_an_import_merges_by_key(db: Database) -> None:
    assert await _import(db, _line("a") + _line("b")) == ImportCounts(read=2, new=2)
    assert await _import(db, _line("b", "Dort.") + _line("c")) == ImportCounts(read=2, new=1, changed=1)
    assert [view.key for view in await list_articles(db)] == ["a", "b", "c"]
    assert (await load(db, "b")).content.variants["de"].answer == "Dort."


async def test_the_same_import_again_changes_nothing(db: Database) -> None:
    await _import(db, _line("a"))
    before = await load(db, "a"), await read_revision(db)
    assert await _import(db, _line("a")) == ImportCounts(read=1)
    assert (await load(db, "a"), await read_revision(db)) == before


async def test_replace_archives_what_the_file_does_not_hold(db: Database) -> None:
    await _import(db, _line("a") + _line("b"))
    assert await _import(db, _line("b"), replace=True) == ImportCounts(read=1, archived=1)
    assert (await load(db, "a")).state == ArticleState.ARCHIVED
    assert await _import(db, _line("a")) == ImportCounts(read=1, changed=1)
    assert (await load(db, "a")).state == ArticleState.PUBLISHED


async def test_an_empty_file_does_not_replace_everything(db: Database) -> None:
    await _import(db, _line("a"))
    with pytest.raises(Invalid, match="holds no articles"):
        await _import(db, "\n", replace=True)
    assert (await load(db, "a")).state == ArticleState.PUBLISHED


async def test_a_mistake_in_the_last_line_stores_nothing(db: Database) -> None:
    with pytest.raises(Invalid, match="line 151: column 1"):
        await _import(db, "".join(_line(f"a{number}") for number in range(150)) + "oops")
    assert await list_articles(db) == []


async def test_a_draft_that_somebody_is_writing_survives_an_import(db: Database) -> None:
    draft = json.loads(_line("a", "Entwurf."))
    del draft["key"]
    await save_draft(db, "a", draft, by="anna")
    await _import(db, _line("a", "Importiert."))
    view = await load(db, "a")
    assert view.published is not None
    assert view.draft is not None
    assert view.published.variants["de"].answer == "Importiert."
    assert view.draft.variants["de"].answer == "Entwurf."


async def test_an_interrupted_import_goes_on_where_it_stopped(db: Database) -> None:
    class Tired(LetterCounts):
        embedded = 0

        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if self.embedded + len(texts) > 64:
                raise KeyboardInterrupt
            self.embedded += len(texts)
            return super().embed_queries(texts)

    text = "".join(_line(f"a{number}") for number in range(90))
    with pytest.raises(KeyboardInterrupt):
        await import_articles(db, Tired(), io.BytesIO(text.encode()), by="import")
    rest = Tired()
    assert (await import_articles(db, rest, io.BytesIO(text.encode()), by="import")).new == 90
    assert rest.embedded == 90 - 64


async def test_progress_reaches_its_total(db: Database) -> None:
    seen: list[ImportProgress] = []
    text = _line("a", ".", *(f"wie {number}" for number in range(50))) + _line("b", ".", "wie 1")
    await import_articles(db, LetterCounts(), io.BytesIO(text.encode()), by="import", report=seen.append)
    assert seen[-1] == ImportProgress(done=53, total=53)
    assert len(seen) > 2


@pytest.mark.parametrize("written", list(WRITERS))
async def test_export_and_import_lose_nothing(db: Database, written: FileFormat) -> None:
    await _import(db, _line("a", "=1+1\n\n<p>x</p> `<b>`", "'na", "@wo") + _line("b", "# Titel\r\n- eins"))
    before = await export_articles(db)
    text = "".join(write_articles(before, written))
    assert await import_articles(
        db, LetterCounts(), io.BytesIO(text.encode()), by="x", written=written
    ) == ImportCounts(read=2)
    assert await export_articles(db) == before


async def test_questions_are_answered_in_order_with_an_error_for_each_bad_line(db: Database) -> None:
    await _import(db, _line("a") + _line("b"))
    library = Library(db, LetterCounts())
    await library.start()
    good = [
        json.dumps({"id": f"q{number}", "text": f"wo ist {'ab'[number % 2]}", "expected": "x"}) for number in range(80)
    ]
    lines = [*good[:40], "oops", "", '{"id": "bad"}', *good[40:]]
    raw = "\n".join(lines).encode() + b"\n\xff\n"
    answered = [line async for line in question_batch.answer_batch(library, io.BytesIO(raw))]
    found = [json.loads(line.text) for line in answered]
    assert [each["id"] for each in found] == [
        *(f"q{n}" for n in range(40)),
        None,
        "bad",
        *(f"q{n}" for n in range(40, 80)),
        None,
    ]
    assert [each["article"] for each in found[:4]] == ["a", "b", "a", "b"]
    assert [line.error for line in answered if line.error] == [
        "line 41: column 1: expected JSON (Expecting value)",
        'line 43: "text": expected text',
        "line 84: expected UTF-8, got the byte 0xff at position 1",
    ]
    assert set(found[0]) == {"id", "language", "outcome", "article", "confidence", "candidates", "short", "ms"}
    assert found[0]["short"] == "Da."


async def test_whoever_waits_for_an_answer_gets_it_before_the_next_question(db: Database) -> None:
    await _import(db, _line("a"))
    library = Library(db, LetterCounts())
    await library.start()
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb", buffering=0) as sink:
        sink.write(b'{"id": 1, "text": "wo ist a"}\n')
        answers = question_batch.answer_batch(library, source)
        assert json.loads((await anext(answers)).text)["id"] == 1
        sink.write(b'{"id": 2, "text": "wo ist a"}\n')
        assert json.loads((await anext(answers)).text)["id"] == 2
        sink.close()
        assert [line async for line in answers] == []


def _staffel(home: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.host.cli.knowledge", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "STAFFEL_HOME": str(home), "STAFFEL_DATABASE_URL": ""},
        check=False,
        timeout=100,
    )


def _last_line(ran: subprocess.CompletedProcess[str]) -> str:
    return ran.stdout.splitlines()[-1]


def test_the_commands_import_ask_list_and_export(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(_line("versand", "Zwei Tage.", "wann kommt mein paket") + _line("gutschein"), "utf-8")
    assert _last_line(_staffel(tmp_path, "import", str(file))) == ("2 articles read: 2 new, 0 changed, 0 passed over.")
    again = _staffel(tmp_path, "import", "-", "--replace", text=file.read_text())
    assert _last_line(again) == "2 articles read: 0 new, 0 changed, 0 passed over."
    asked = _staffel(tmp_path, "ask", text='{"id": "q1", "text": "wann kommt mein Paket?"}\noops\n')
    assert asked.returncode == 2
    assert "line 2: column 1" in asked.stderr
    first, second = (json.loads(line) for line in asked.stdout.splitlines())
    assert (first["id"], first["language"], first["outcome"], first["article"]) == ("q1", "de", "answer", "versand")
    assert "line 2" in second["error"]
    assert _staffel(tmp_path, "list", "--search", "gutschein").stdout.split("\t")[0] == "gutschein"
    exported = _staffel(tmp_path, "export").stdout
    assert sorted(map(json.loads, exported.splitlines()), key=str) == sorted(
        map(json.loads, file.read_text("utf-8").splitlines()), key=str
    )


def test_a_dry_run_shows_what_would_change_and_stores_nothing(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(_line("a", "In zwei Tagen.") + _line("b"), "utf-8")
    _staffel(tmp_path, "import", str(file))
    file.write_text(_line("a", "In drei Tagen.", "wo") + _line("c") + '{"key": "d"}\n', "utf-8")
    shown = _staffel(tmp_path, "import", str(file), "--dry-run", "--replace").stdout.splitlines()
    assert shown[0].startswith('refused    line 3: "variants": expected an object')
    assert shown[1:4] == ["new        c", "changed    a", "             de.answer: In [-zwei-]{+drei+} Tagen."]
    assert shown[4:6] == ["             de.phrasings: {+wo+}", "archived   b"]
    assert shown[6:] == [
        "1 new, 1 changed, 0 unchanged, 1 archived, 1 refused. Nothing was stored.",
        "2 articles read: 1 new, 1 changed, 1 passed over.",
    ]


async def test_a_folder_that_was_written_comes_back_unchanged(db: Database, tmp_path: Path) -> None:
    await _import(db, _line("a", "In zwei Tagen.") + _line("b"))
    write_folder(tmp_path / "faq", await export_articles(db))
    assert sorted(path.name for path in (tmp_path / "faq").iterdir()) == ["a.md", "b.md"]
    problems = FileProblems()
    found = read_files(read_folder(tmp_path / "faq", problems), problems)
    plan = await make_plan(db, as_contents(found, problems))
    assert list(describe(plan)) == ["0 new, 0 changed, 2 unchanged, 0 archived, 0 refused. Nothing was stored."]


def test_a_bad_line_is_passed_over_and_a_file_of_such_lines_ends_with_1(tmp_path: Path) -> None:
    bad = '{"key": "a", "colour": 1}\n'
    passed_over = _staffel(tmp_path, "import", "-", text=_line("b", "Da.", "") + bad)
    assert passed_over.returncode == 0
    assert passed_over.stdout.splitlines() == [
        "passed by  line 1: A phrasing was left out: it is empty or longer than 500 characters.",
        'refused    line 2: unknown field "colour"; known are key, category, variants, valid_from, valid_until, owner, '
        "review_on, ask_again_after",
        "1 articles read: 1 new, 0 changed, 2 passed over.",
    ]
    nothing = _staffel(tmp_path, "import", "-", text=bad)
    assert (nothing.returncode, _last_line(nothing)) == (1, "0 articles read: 0 new, 0 changed, 1 passed over.")


def test_replacing_with_bad_lines_stores_nothing_and_a_missing_file_is_named(tmp_path: Path) -> None:
    refused = _staffel(tmp_path, "import", "-", "--replace", text=_line("b") + '{"key": "a", "colour": 1}\n')
    assert refused.returncode == 1
    assert 'line 2: unknown field "colour"' in refused.stderr
    assert _staffel(tmp_path, "list").stdout == ""
    missing = _staffel(tmp_path, "import", str(tmp_path / "nothing.jsonl"))
    assert missing.returncode == 1
    assert "can't be read: No such file or directory" in missing.stderr
