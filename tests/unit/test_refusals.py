"""Why a file was refused, in German: every sentence that the readers of files can say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.web.admin.articles.refusals import translate_reason
from i18n import catalog
from knowledge.formats.problem_words import describe_problem
from knowledge.formats.problems import FilePlace, FileProblem, ProblemKind

GERMAN = catalog("staff", "de")
ROOT = Path(__file__).parents[2] / "knowledge"
READERS = (
    *sorted(path for path in (ROOT / "formats").glob("*.py") if path.stem not in {"transfer", "question_batch"}),
    ROOT / "articles" / "content.py",
)
ENGLISH = re.compile(
    r"\b(?:the|is|are|was|expected|got|stands?|file|holds?|has|have|twice|with|of|a|at|most|one|this|longer|than|"
    r"unknown|known|doesn't|isn't|aren't|can't|as|already|to|more|it)\b",
    re.IGNORECASE,
)


def sentences(file: Path) -> Iterator[str]:
    """What the file says to `Invalid` and to `Problems.add`, with something in place of names and numbers."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said = node.args[-1] if name == "add" else node.args[0] if name == "Invalid" else None
        if isinstance(said, ast.Constant | ast.JoinedStr) and (text := spelt(said)):
            yield text


def spelt(said: ast.expr) -> str:
    if isinstance(said, ast.Constant):
        return said.value if isinstance(said.value, str) else ""
    assert isinstance(said, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in said.values)


SAID = sorted({text for file in READERS for text in sentences(file) if re.search(r"[a-z]{3}", text)})


@pytest.mark.parametrize("english", SAID)
def test_every_refusal_has_its_german(english: str) -> None:
    german = translate_reason(GERMAN, english)
    assert german != english
    assert not ENGLISH.findall(re.sub(r'"[^"]*"', "", german)), german


def test_the_sentences_are_found_at_all() -> None:
    assert len(SAID) > 30


def problem(reason: str) -> FileProblem:
    return FileProblem(kind=ProblemKind.OTHER, place=FilePlace(line=3), values={"reason": reason})


def test_a_place_and_what_stood_there_are_kept() -> None:
    told = translate_reason(
        GERMAN, describe_problem(problem('"variants.de.answer": expected text, got nothing'), GERMAN)
    )
    assert told == 'Zeile 3: "variants.de.answer": erwartet wird Text, da steht nichts'
    listed = translate_reason(GERMAN, '"variants": expected text, got a list')
    assert listed == '"variants": erwartet wird Text, da steht eine Liste'
    assert (
        translate_reason(GERMAN, '"key": "lieferung" stands in line 2 already')
        == '"key": "lieferung" steht schon in Zeile 2'
    )


def test_english_stays_as_it_is() -> None:
    assert translate_reason(catalog("staff", "en"), problem("is encrypted.")) == "line 3: is encrypted."
