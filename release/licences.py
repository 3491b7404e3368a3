"""Under what licence a library is, as its package says, and whether that fits Staffel's, which is Apache-2.0."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from license_expression import ExpressionError, LicenseExpression, LicenseSymbol, Licensing, get_spdx_licensing

from release.errors import ReleaseError

#: What packages write, and the SPDX name of it.
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD",
    "BSD-2-Clause or Apache-2.0": "BSD-2-Clause OR Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU General Public License (GPL)": "GPL-2.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "LGPL": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "MPL 2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "new BSD": "BSD-3-Clause",
}
#: Read in the licence files of packages that say nothing a program can read, or are not for this system.
READ = {
    "axe-playwright-python": "MIT",
    "cobble": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "fasttext-predict-v2": "MIT",
    "imapclient": "BSD-3-Clause",
    "kubernetes-validate": "Apache-2.0",
    "pi-heif": "BSD-3-Clause AND LGPL-3.0-only",
    "pyrage": "MIT",
    "xlwt": "BSD-3-Clause AND BSD-4-Clause AND LGPL-2.1-or-later",
}
PERMISSIVE = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"),
        *("MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "TCL", "Zlib"),
    }
)
BESIDE = (
    "whoever gets it must be able to exchange it: it is installed beside Staffel, unchanged, and never copied into it"
)
#: What has to be done for whoever hands Staffel on.
OBLIGATIONS = {
    "BSD-4-Clause": "advertising that mentions what it does names its author; Staffel's doesn't",
    "CC-BY-SA-3.0": "name the authors; what is made of the model itself stays under this licence",
    "LGPL-2.1-or-later": BESIDE,
    "LGPL-3.0-only": BESIDE,
    "MPL-2.0": "changes to its own files would have to be published; there are none",
}


class Fit(StrEnum):
    """How a licence goes with Staffel's: freely, with something to be done, or not at all."""

    FREE = "free"
    OBLIGED = "obliged"
    UNFIT = "unfit"


def licences_of(names: list[str], environment: Path) -> dict[str, str]:
    """The licence of each library, as an SPDX expression where it can be told.

    Raises `ReleaseError` where a library is not installed in that environment, or doesn't say.
    """
    installed = {_plain(found.name): found for found in distributions(path=[str(_library_folder(environment))])}
    unknown = [name for name in names if name not in READ and name not in installed]
    if unknown:
        raise ReleaseError(f"{environment} lacks {', '.join(unknown)}: make setup.")
    return {name: READ.get(name) or licence_in(installed[name]) for name in names}


def licence_in(package: Distribution) -> str:
    """What the metadata of an installed package say; BSD is told by its text. Raises `ReleaseError` if nothing does."""
    said = package.metadata.get("License-Expression") or _short(package.metadata.get("License"))
    named = [text for text in package.metadata.get_all("Classifier") or [] if text.startswith("License ::")]
    classifiers = [text.rpartition(" :: ")[2] for text in named]
    found = SPDX.get(said, said) or " OR ".join(SPDX.get(text, text) for text in classifiers)
    if not found:
        raise ReleaseError(f"{package.name} doesn't say its licence; read it, and enter it in release/licences.py.")
    return _clauses(package) if found == "BSD" else found


def fit_of(licence: str) -> Fit:
    """Of several to choose from the best counts, of several that hold at once the worst. What nobody knows is unfit."""
    try:
        return _judge(_spdx().parse(licence))
    except ExpressionError:
        return Fit.UNFIT


@cache
def _spdx() -> Licensing:
    """The list of SPDX, which takes a tenth of a second to read."""
    return get_spdx_licensing()


def _judge(expression: LicenseExpression) -> Fit:
    if isinstance(expression, LicenseSymbol):
        if expression.key in PERMISSIVE:
            return Fit.FREE
        return Fit.OBLIGED if expression.key in OBLIGATIONS else Fit.UNFIT
    order = [Fit.FREE, Fit.OBLIGED, Fit.UNFIT]
    places = [order.index(_judge(part)) for part in expression.args]
    return order[min(places) if expression.operator.strip() == "OR" else max(places)]


def _clauses(package: Distribution) -> str:
    """The third clause forbids to promote things with the authors' names, the fourth is on advertising."""
    texts = list(_licence_texts(package))
    if not texts:
        raise ReleaseError(f"{package.name} says BSD and brings no text; read it, and enter it in release/licences.py.")
    text = " ".join(" ".join(texts).split())
    clauses = "BSD-3-Clause" if "endorse or promote" in text else "BSD-2-Clause"
    return f"{clauses} AND BSD-4-Clause" if "advertising materials" in text else clauses


def _licence_texts(package: Distribution) -> Iterator[str]:
    for file in package.files or []:
        if "LICEN" in file.name.upper() and ".dist-info" in str(file):
            yield Path(str(package.locate_file(file))).read_text(encoding="utf-8", errors="replace")


def _short(text: str | None) -> str:
    """The field `License`, unless somebody has put the whole text there."""
    return text.strip() if text and len(text) <= 40 and text.strip() != "UNKNOWN" else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _library_folder(environment: Path) -> Path:
    return next((environment / "lib").glob("python3.*")) / "site-packages"
