"""How well the coach's hints on drafts of agents are right.

`python -m benchmarks.coach` judges the 200 drafts of tests/data/coach_drafts*.yml, in German and English: 120 that the
rules were made with, and 80 held out, which were written down before the rules. It prints precision and recall for each
kind, and how long a draft takes. `--wrong` names the drafts that went wrong, `--development` looks at the 120 alone.
A promise with a date is no fault and counts for neither.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import yaml

from helpdesk.coach import HintKind, find_hints, read_draft

DATA = Path(__file__).parent.parent / "tests" / "data"
SETS = {"development": "coach_drafts.yml", "held out": "coach_drafts_held_out.yml"}
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
TARGET = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDraft:
    """A draft, what it answers, and the kinds of hints that it deserves."""

    id: str
    language: str
    hints: frozenset[str]
    customer: str
    draft: str
    form: str = "sie"
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDraft:
    """A draft and the kinds that the rules found."""

    draft: LabelledDraft
    found: frozenset[str]


def read_drafts(name: str) -> list[LabelledDraft]:
    """The drafts of a set by its name."""
    stored = yaml.safe_load((DATA / SETS[name]).read_text("utf-8"))
    return [LabelledDraft(**{**each, "hints": frozenset(each["hints"])}) for each in stored]


def judge(drafts: Sequence[LabelledDraft]) -> list[JudgedDraft]:
    """What the rules say of each."""
    return [JudgedDraft(draft=each, found=frozenset(_found(each))) for each in drafts]


def _found(each: LabelledDraft) -> Iterator[str]:
    draft = read_draft(each.draft, each.language, [each.customer], NOW, UTC, each.form)
    for hint in find_hints(draft, article=each.article):
        if not (hint.kind is HintKind.PROMISE and hint.due):
            yield str(hint.kind)


def precision_recall(judged: Sequence[JudgedDraft], kind: str | None = None) -> tuple[float, float, int, int]:
    """Precision and recall from 0 to 1, hints found, hints deserved; of one kind or of all."""
    right = found = wanted = 0
    for each in judged:
        kinds = {kind} if kind else {str(one) for one in HintKind}
        right += len(each.found & each.draft.hints & kinds)
        found += len(each.found & kinds)
        wanted += len(each.draft.hints & kinds)
    return (right / found if found else 1.0, right / wanted if wanted else 1.0, found, wanted)


def main() -> None:
    """Print the tables; fail when the held-out drafts are below the target."""
    names = ["development"] if "--development" in sys.argv else list(SETS)
    precision = 1.0
    for name in names:
        started = perf_counter()
        judged = judge(read_drafts(name))
        ms = (perf_counter() - started) * 1000 / len(judged)
        print(f"\n{name}: {len(judged)} drafts, {ms:.1f} ms each\n\n| kind | precision | recall | found | deserved |")
        print("|---|---|---|---|---|")
        for kind in (*map(str, HintKind), None):
            precision, recall, found, wanted = precision_recall(judged, kind)
            print(f"| {kind or 'all'} | {precision:.2f} | {recall:.2f} | {found} | {wanted} |")
        clean = [each for each in judged if not each.draft.hints]
        disturbed = sum(bool(each.found) for each in clean)
        print(f"\nof {len(clean)} drafts without a fault {disturbed} were disturbed")
        if "--wrong" in sys.argv:
            for each in judged:
                if each.found != each.draft.hints:
                    print(each.draft.id, sorted(each.found), "deserved", sorted(each.draft.hints), file=sys.stderr)
    sys.exit(0 if precision >= TARGET else f"Below the target: precision {TARGET}.")


if __name__ == "__main__":
    main()
