"""`python -m release`: what `make version` and `make release` run."""

from datetime import UTC, datetime
from pathlib import Path

import click

from release import archive, git, inventory, licence_page, version
from release.audit import run_audits, what_to_do
from release.bill import write_bills
from release.errors import ReleaseError

ROOT = Path(__file__).resolve().parents[1]


@click.group()
def release() -> None:
    """Makes a release of what is committed."""


@release.command()
@click.argument("name", metavar="VERSION")
def begin(name: str) -> None:
    """Gives what the changelog has under *Unreleased* a version."""
    version.begin(ROOT, name, day=f"{datetime.now(UTC):%Y-%m-%d}")
    click.echo(f"Read CHANGELOG.md once more, commit, and run: make release   (version {name})")


@release.command()
@click.option("--folder", type=click.Path(path_type=Path), default=ROOT / "dist", help="Where the files go.")
def build(folder: Path) -> None:
    """Writes archive, bills of materials and checksums, and makes the tag."""
    name = archive.checked_version(ROOT)
    parts = inventory.load(ROOT)
    commit, at = git.line(ROOT, "rev-parse", "HEAD"), git.line(ROOT, "show", "--no-patch", "--format=%cI", "HEAD")
    folder.mkdir(parents=True, exist_ok=True)
    files = [archive.write_archive(ROOT, name, folder)]
    files += write_bills(parts, name, commit, datetime.fromisoformat(at), folder)
    files.append(archive.write_checksums(files, folder))
    archive.tag(ROOT, name)
    for file in files:
        click.echo(f"{file.stat().st_size:>12,} bytes  {file}")
    click.echo(f"Tagged v{name}. Hand out what is in {folder}, and: git push origin v{name}")


@release.command()
def licences() -> None:
    """Writes docs/licences.md anew."""
    (ROOT / licence_page.PAGE).write_text(licence_page.write(inventory.load(ROOT)), encoding="utf-8")


@release.command()
def audit() -> None:
    """Compares the lock files with the advisory services. Ends with 1 if anything is found or not looked up."""
    if left := what_to_do(run_audits(ROOT)):
        raise ReleaseError(left)
    click.echo("Nothing is known against what is locked, beside what docs/bot-libraries.md judges.")


def main() -> None:
    """Runs a command; what stands in its way is one sentence."""
    try:
        release(standalone_mode=False)
    except ReleaseError as problem:
        raise SystemExit(f"release: {problem}") from None
    except click.ClickException as problem:
        problem.show()
        raise SystemExit(problem.exit_code) from None


if __name__ == "__main__":
    main()
