"""What state the house is in: its rooms, lines, names, imports, and how many files a reader opens.

`python -m benchmarks house [--ref REV] [--against REV] [--names]` reads the working tree, or the revision `--ref`,
parses it, and prints a Markdown table; with `--against` that revision stands beside it, as before. Nothing of what is
measured is imported, so any two revisions of the repository compare, whichever layout they have. `--names` lists below
the table what was counted in the newer one.

How each row is counted is told in `benchmarks/source/`: `lines.py`, `vocabulary.py`, `classes.py`, `rooms.py`, and for
the files a reader opens `reach.py`. Where those walks begin in which layout stands here, in `WALKS`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.measures import percentile
from benchmarks.source.classes import longest_chain, untyped_columns
from benchmarks.source.lines import (
    MAX_LINES,
    count_catalogs,
    count_python,
    count_scripts,
    count_templates,
    count_words,
    function_lengths,
    long_files,
    module_lengths,
)
from benchmarks.source.program import Program
from benchmarks.source.reach import Reach, Start, Walk, follow
from benchmarks.source.revision import PRODUCT, Module, Snapshot, load_revision, load_working_tree, parse_modules
from benchmarks.source.rooms import Arrows, arrows_between, circles, rooms_of
from benchmarks.source.vocabulary import class_places, gerunds, participles, repeated

ROOT = Path(__file__).parent.parent
NONE = "–"

#: What a reader follows, and where it begins in one layout or the other: add a start when one is renamed.
WALKS = (
    Walk(
        name="a turn, from claim to stored reply",
        starts=(
            Start(package="helpdesk.turns", functions=("Turns.claim", "Turns._work")),
            Start(package="helpdesk.turns", functions=("TurnWorker.claim", "TurnWorker._work")),
            Start(package="helpdesk.turns", functions=("claim_turns", "answer_turn")),
        ),
    ),
    Walk(
        name="an agent's answer",
        starts=(
            Start(package="helpdesk.conversations", functions=("Conversations.answer",)),
            Start(package="helpdesk.conversations", functions=("Conversations.open", "answer")),
        ),
    ),
    Walk(
        name="a change of an article, draft and publication",
        starts=(Start(package="knowledge.articles", functions=("save_draft", "publish")),),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `names` is what `--names` lists of it."""

    label: str
    value: str
    names: tuple[str, ...] = ()


def main() -> None:
    """Measure one revision or two, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ref", help="the revision to measure; without it the working tree")
    parser.add_argument("--against", help="the revision to compare with")
    parser.add_argument("--names", action="store_true", help="list what was counted")
    chosen = parser.parse_args()
    try:
        after = load_revision(ROOT, chosen.ref) if chosen.ref else load_working_tree(ROOT)
        before = load_revision(ROOT, chosen.against) if chosen.against else None
    except ValueError as error:
        sys.exit(str(error))
    rows = measure(after)
    print(table(after.label, rows) if before is None else comparison(before.label, measure(before), after.label, rows))
    if chosen.names:
        for row in rows:
            if row.names:
                print(f"\n{row.label}:", *row.names, sep="\n  ")


def measure(snapshot: Snapshot) -> list[Row]:
    """Every row of the table, in its order."""
    modules = parse_modules(snapshot, *PRODUCT)
    program = Program(modules)
    found = (_sizes(snapshot, modules), _lengths(snapshot, modules), _vocabulary(modules))
    return [*chain(*found, _structure(modules, program), _reading(snapshot, program))]


def table(label: str, rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    return "\n".join([f"| | {label} |", "|---|---|", *(f"| {row.label} | {row.value} |" for row in rows)])


def comparison(before: str, earlier: Sequence[Row], after: str, later: Sequence[Row]) -> str:
    """The rows of two revisions beside each other."""
    lines = (f"| {was.label} | {was.value} | {now.value} |" for was, now in zip(earlier, later, strict=True))
    return "\n".join([f"| | before ({before}) | after ({after}) |", "|---|---|---|", *lines])


def _sizes(snapshot: Snapshot, modules: Sequence[Module]) -> Iterator[Row]:
    for package in ("helpdesk", "knowledge"):
        rooms = rooms_of(snapshot, package)
        value = f"{len(rooms.files) + len(rooms.folders)} ({len(rooms.files)} + {len(rooms.folders)})"
        yield Row(label=f"rooms on the top of `{package}/` (files + folders)", value=value)
    yield Row(label="Python modules of the product", value=f"{len(modules):,}")
    yield Row(label="lines of Python: product", value=f"{count_python(modules):,}")
    for package in ("tests", "benchmarks"):
        value = f"{count_python(parse_modules(snapshot, package)):,}"
        yield Row(label=f"lines of Python: {package}", value=value)
    yield Row(label="lines of JavaScript: product", value=f"{count_scripts(snapshot):,}")
    yield Row(label="lines of JavaScript: tests", value=f"{count_scripts(snapshot, tests=True):,}")
    yield Row(label="lines of templates", value=f"{count_templates(snapshot):,}")
    yield Row(label="lines of message catalogs", value=f"{count_catalogs(snapshot):,}")
    yield Row(label="lines of code that hold words (counted above too)", value=f"{count_words(snapshot, modules):,}")


def _lengths(snapshot: Snapshot, modules: Sequence[Module]) -> Iterator[Row]:
    functions, lengths = function_lengths(modules), module_lengths(modules)
    yield Row(label="lines of a function, p50 / p95", value=_percentiles(functions, 0.5, 0.95))
    yield Row(label="lines of a module, p95 / longest", value=_percentiles(lengths, 0.95, 1))
    for label, packages in (("product", PRODUCT), ("tests and benchmarks", ("tests", "benchmarks"))):
        found = long_files(snapshot, packages)
        names = tuple(f"{path}: {lines}" for path, lines in found)
        yield Row(label=f"files of more than {MAX_LINES} lines: {label}", value=str(len(found)), names=names)


def _vocabulary(modules: Sequence[Module]) -> Iterator[Row]:
    places = class_places(modules)
    public = [name for name in places if not name.startswith("_")]
    several = repeated(places)
    yield Row(
        label="public class names with more than one class",
        value=_share(len(several), len(public)),
        names=tuple(f"{name}: {', '.join(where)}" for name, where in several.items()),
    )
    forms = participles(places)
    yield Row(label="class names that are participles", value=_share(len(forms), len(places)), names=tuple(forms))
    found = gerunds(modules)
    yield Row(
        label="modules named by gerunds that the field doesn't use",
        value=_share(len(found.avoidable), len(modules)),
        names=found.avoidable,
    )
    yield Row(label="modules named by gerunds that it does use", value=str(len(found.usual)), names=found.usual)


def _structure(modules: Sequence[Module], program: Program) -> Iterator[Row]:
    columns = untyped_columns(modules)
    yield Row(label="columns of untyped JSON in the models", value=str(len(columns)), names=tuple(columns))
    classes = longest_chain(program)
    yield Row(label="longest chain of classes of ours", value=str(len(classes)), names=(" → ".join(classes),))
    helpdesk = arrows_between([module for module in modules if module.name.startswith("helpdesk.")], "helpdesk")
    yield _circles("circles of imports between packages", arrows_between(modules))
    yield _circles("circles of imports between rooms of `helpdesk/`", helpdesk)
    arrows = arrows_between(modules, "helpdesk")
    yield Row(
        label="arrows between rooms of `helpdesk/` and the other packages (within `helpdesk/`)",
        value=f"{len(arrows)} ({len(helpdesk)})",
        names=tuple(f"{importer} → {imported}" for importer, imported in sorted(arrows)),
    )


def _reading(snapshot: Snapshot, program: Program) -> Iterator[Row]:
    for walk in WALKS:
        reach = follow(program, walk)
        if reach is None:
            print(f"{snapshot.label}: no start of {walk.name!r} exists; add one to WALKS.", file=sys.stderr)
        yield _files(walk, reach)


def _files(walk: Walk, reach: Reach | None) -> Row:
    label = f"files a reader opens for {walk.name}: within 1 hop / 2 hops / all (functions)"
    if reach is None:
        return Row(label=label, value=NONE)
    value = f"{reach.within(1)} / {reach.within(2)} / {len(reach.hops)} ({reach.functions})"
    start = f"from {', '.join(reach.start.functions)} in {reach.start.package}"
    hops = sorted(reach.hops.items(), key=lambda each: (each[1], each[0]))
    return Row(label=label, value=value, names=(start, *(f"{distance} {module}" for module, distance in hops)))


def _circles(label: str, arrows: Arrows) -> Row:
    found = [" ⇄ ".join(group) for group in circles(arrows)]
    return Row(label=label, value=f"{len(found)}", names=tuple(found))


def _percentiles(values: Sequence[int], *shares: float) -> str:
    return " / ".join(f"{percentile(values, share):,}" for share in shares) if values else NONE


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else NONE


if __name__ == "__main__":
    main()
