"""What an import would change, on paper; and a folder of articles."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.content import Content
from knowledge.differences import Difference, PieceKind, abridge, differences
from knowledge.importing import Fate, Plan, Planned
from knowledge.transfer import write_articles
from knowledge.written.forms import Format

_SIGNS = {PieceKind.REMOVED: ("[-", "-]"), PieceKind.ADDED: ("{+", "+}"), PieceKind.SAME: ("", "")}


def describe(plan: Plan) -> Iterator[str]:
    """The lines of a dry run: what is refused and why, what is new, what changes and how, and the sums."""
    for problem in plan.refused:
        yield f"refused    {problem}"
    if plan.refused_count > len(plan.refused):
        yield f"refused    … and {plan.refused_count - len(plan.refused)} more"
    yield from (f"passed by  {line}" for line in plan.passed_over)
    yield from (f"new        {one.key}" for one in plan.of(Fate.NEW))
    for one in plan.of(Fate.CHANGED):
        yield from _changed(one)
    yield from (f"archived   {key}" for key in plan.archived)
    counts = ", ".join(f"{len(plan.of(fate))} {fate}" for fate in Fate)
    yield f"{counts}, {len(plan.archived)} archived, {plan.refused_count} refused. Nothing was stored."


def write_folder(folder: Path, articles: Sequence[tuple[str, Content]]) -> None:
    """A Markdown file an article; importing the folder gives the same articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, content in articles:
        text = "".join(write_articles([(key, content)], Format.MARKDOWN))
        (folder / f"{key}.md").write_text(text, encoding="utf-8", newline="")


def _changed(one: Planned) -> Iterator[str]:
    yield f"changed    {one.key}{' (has a draft, which stays)' if one.has_draft else ''}"
    for difference in differences(one.before, one.after) if one.before else ():
        yield f"             {_place(difference)}: {_shown(difference)}"


def _place(difference: Difference) -> str:
    return f"{difference.language}.{difference.field}" if difference.language else difference.field


def _shown(difference: Difference) -> str:
    pieces = difference.pieces if difference.field == "phrasings" else abridge(difference.pieces, 30)
    signed = [f"{before}{piece.text}{after}" for piece in pieces for before, after in [_SIGNS[piece.kind]]]
    return (", " if difference.field == "phrasings" else "").join(signed).replace("\n", "↵")
