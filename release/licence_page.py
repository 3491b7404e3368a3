"""`docs/licences.md`, made from the lock files and what the installed packages say."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from release.inventory import Parts
from release.licences import OBLIGATIONS, Fit, fit_of

PAGE = Path("docs/licences.md")
HEAD = """# Licences

Staffel is under the [Apache License 2.0](../LICENSE). What it stands on is listed here, as the packages
themselves say; `make licences` writes this page from the lock files and both environments, and a test holds it
against them. Versions are in the lock files and in the bill of materials of each [release](releasing.md).
"""
OBLIGED_HEAD = """
## With something to be done

Whoever only runs Staffel has nothing to do. Whoever hands it on, changed or in an image:

| what | licence | then |
|---|---|---|
"""
UNFIT_HEAD = "\n## Unfit for being handed on with Staffel\n\n"
NO_UNFIT = "None: no GPL, no AGPL, nothing without a licence, nothing for non-commercial use only.\n"


def write(inventory: Sequence[Parts]) -> str:
    """The page as Markdown."""
    return "".join([HEAD, OBLIGED_HEAD, *_obliged(inventory), UNFIT_HEAD, _unfit(inventory), *_tables(inventory)])


def _obliged(inventory: Sequence[Parts]) -> Iterator[str]:
    rows = {
        (package.name, package.licence)
        for parts in inventory
        for package in parts.packages
        if fit_of(package.licence) is Fit.OBLIGED
    }
    for name, licence in sorted(rows):
        duties = [duty for key, duty in OBLIGATIONS.items() if key in licence]
        yield f"| {name} | {licence} | {'; '.join(duties)} |\n"


def _unfit(inventory: Sequence[Parts]) -> str:
    rows = [
        f"- **{package.name}** ({package.licence}), of: {parts.title}\n"
        for parts in inventory
        for package in parts.packages
        if fit_of(package.licence) is Fit.UNFIT
    ]
    return "".join(rows) or NO_UNFIT


def _tables(inventory: Sequence[Parts]) -> Iterator[str]:
    for parts in inventory:
        yield f"\n## {parts.title}\n\n| what | licence |\n|---|---|\n"
        for name, licence in sorted({(package.name, package.licence) for package in parts.packages}):
            yield f"| {name} | {licence} |\n"
