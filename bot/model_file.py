"""The trained model on disk: where it is, what it was trained from, and the hash it must have. Standard library only.

`models/staffel.tar.gz` is the model, `models/staffel.sha256` its hash (as `sha256sum -c` reads it), and
`models/staffel.fingerprint` stands for everything it was trained from.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

NAME = "staffel"
FOLDER = Path("models")
MODEL = FOLDER / f"{NAME}.tar.gz"
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/rules.yml",
    "data/stories.yml",
    "data/nlu/*.yml",
    "data/own/*.yml",
    "bot/requirements.txt",
    "bot/classifier.py",
    "bot/featurizer.py",
    "bot/text.py",
)


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fingerprint(root: Path) -> str:
    """Changes whenever a file that the model depends on changes, appears or goes."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(f"{path.relative_to(root).as_posix()}:{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for pattern in TRAINED_FROM:
        yield from sorted(root.glob(pattern))


def is_up_to_date(root: Path) -> bool:
    """Whether there is a whole model, trained from what is in the folder now."""
    model = root / MODEL
    recorded = _beside(model, "fingerprint")
    fresh = recorded.exists() and recorded.read_text(encoding="ascii").strip() == fingerprint(root)
    return fresh and complaint_about_model(model) is None


def pin(root: Path) -> str:
    """Records hash and fingerprint of the model just trained; returns the hash."""
    model = root / MODEL
    digest = sha256_of(model)
    _beside(model, "sha256").write_text(f"{digest}  {model.name}\n", encoding="ascii")
    _beside(model, "fingerprint").write_text(f"{fingerprint(root)}\n", encoding="ascii")
    return digest


def complaint_about_model(model: Path) -> str | None:
    """What is wrong with the model file, in a sentence; None if it is the one that was trained."""
    if not model.is_file():
        return f"There is no trained model at {model}. Run: ./staffel train"
    recorded = _beside(model, "sha256")
    if not recorded.is_file():
        return (
            f"{recorded} is missing, so nobody can say whether this is the model that was trained. Run: ./staffel train"
        )
    if recorded.read_text(encoding="ascii").split()[:1] != [sha256_of(model)]:
        return f"{model} is not the model whose SHA-256 is recorded in {recorded.name}. Run: ./staffel train"
    return None


def _beside(model: Path, suffix: str) -> Path:
    return model.with_name(model.name.replace(".tar.gz", "") + f".{suffix}")
