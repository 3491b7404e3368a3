"""What was said in a run: kept beside the messages, so that the page can be built, and judged anew, without a run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.dialogues.judgement import Verdict
from benchmarks.dialogues.message_set import FOLDER
from benchmarks.dialogues.observation import ReplyLine, TurnObservation
from benchmarks.dialogues.report import JudgedMessage

FILE = FOLDER / "transcript.jsonl"
MAX_LENGTH = 220  # characters of an article's answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptTurn:
    """One message and what followed; `say` is what was sent when the transcript was made."""

    conversation: str
    say: str
    seen: TurnObservation
    verdict: Verdict
    why: str


def keep(judged: Iterable[JudgedMessage], file: Path = FILE) -> None:
    """Write the file."""
    file.write_text("".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in judged), "utf-8")


def load(file: Path = FILE) -> list[TranscriptTurn]:
    """The turns of the file, in the order in which they were kept."""
    return [_turn(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _row(one: JudgedMessage) -> Mapping[str, Any]:
    return {
        "conversation": one.message.conversation,
        "say": one.message.say,
        "verdict": one.judgement.verdict,
        "why": one.judgement.why,
        "seen": asdict(one.seen) | {"lines": [_line_row(line) for line in one.seen.lines]},
    }


def _line_row(line: ReplyLine) -> Mapping[str, Any]:
    return asdict(line) | {"text": _shortened(line.text) if line.article else line.text}


def _shortened(text: str) -> str:
    """The beginning of an article's answer: the whole of it stands in the sample shop."""
    if len(text) <= MAX_LENGTH:
        return text
    return text[:MAX_LENGTH].rpartition(" ")[0].rstrip(" \n-*") + " …"


def _turn(row: Mapping[str, Any]) -> TranscriptTurn:
    seen = row["seen"]
    lines = tuple(ReplyLine(**{**line, "choices": tuple(line["choices"])}) for line in seen["lines"])
    tuples = {name: tuple(seen[name]) for name in ("events", "again")}
    return TranscriptTurn(
        conversation=row["conversation"],
        say=row["say"],
        seen=TurnObservation(**{**seen, **tuples, "lines": lines}),
        verdict=Verdict(row["verdict"]),
        why=row["why"],
    )
