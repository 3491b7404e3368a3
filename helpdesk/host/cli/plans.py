"""What an import would change, on paper; and a folder of articles."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.articles.content import Content
from knowledge.articles.differences import DiffPieceKind, FieldDifference, abridge, differences
from knowledge.formats.file_formats import FileFormat
from knowledge.formats.import_plan import ImportEffect, ImportPlan, PlannedArticle
from knowledge.formats.problem_words import describe_hold
from knowledge.formats.transfer import write_articles

_SIGNS = {DiffPieceKind.REMOVED: ("[-", "-]"), DiffPieceKind.ADDED: ("{+", "+}"), DiffPieceKind.SAME: ("", "")}


def describe(plan: ImportPlan) -> Iterator[str]:
    """The lines of a dry run: what is refused and why, what is new, what changes and how, and the sums."""
    yield from describe_problems(plan)
    yield from (f"new        {one.key}" for one in plan.of(ImportEffect.NEW))
    for one in plan.of(ImportEffect.CHANGED):
        yield from _changed(one)
    yield from (f"archived   {key}" for key in plan.archived)
    yield from describe_holds(plan)
    counts = ", ".join(f"{len(plan.of(fate))} {fate}" for fate in ImportEffect)
    yield f"{counts}, {len(plan.archived)} archived, {plan.refused_count} refused. Nothing was stored."


def describe_problems(plan: ImportPlan) -> Iterator[str]:
    """What of the file is no article, and why."""
    for word, problems, count in (
        ("refused", plan.refused, plan.refused_count),
        ("passed by", plan.passed_over, plan.passed_over_count),
    ):
        yield from (f"{word:<10} {problem}" for problem in problems)
        if count > len(problems):
            yield f"{word:<10} … and {count - len(problems)} more"


def describe_holds(plan: ImportPlan) -> Iterator[str]:
    """What becomes a draft because not everybody may see it, and why."""
    for one in plan.articles:
        if one.hold and one.fate != ImportEffect.UNCHANGED:
            yield f"draft      {one.key}: {describe_hold(one.hold)}"


def write_folder(folder: Path, articles: Sequence[tuple[str, Content]]) -> None:
    """A Markdown file an article; importing the folder gives the same articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, content in articles:
        text = "".join(write_articles([(key, content)], FileFormat.MARKDOWN))
        (folder / f"{key}.md").write_text(text, encoding="utf-8", newline="")


def _changed(one: PlannedArticle) -> Iterator[str]:
    yield f"changed    {one.key}{' (has a draft, which stays)' if one.has_draft else ''}"
    for difference in differences(one.before, one.after) if one.before else ():
        yield f"             {_place(difference)}: {_shown(difference)}"


def _place(difference: FieldDifference) -> str:
    return f"{difference.language}.{difference.field}" if difference.language else difference.field


def _shown(difference: FieldDifference) -> str:
    pieces = difference.pieces if difference.field == "phrasings" else abridge(difference.pieces, 30)
    signed = [f"{before}{piece.text}{after}" for piece in pieces for before, after in [_SIGNS[piece.kind]]]
    return (", " if difference.field == "phrasings" else "").join(signed).replace("\n", "↵")
