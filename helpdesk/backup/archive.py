"""The file of a backup: a zip whose contents are encrypted by age (https://age-encryption.org/v1).

With a passphrase it holds `key.age`, a key made for this file and encrypted with the passphrase, and `backup.tar.age`,
encrypted with that key; with recipients only the latter. Both are ordinary files of age: they can be opened without
Staffel. What is written goes through in pieces, whatever its size.
"""

import os
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyrage import DecryptError, decrypt_io, encrypt_io, passphrase, ssh, x25519

from helpdesk.backup.label import LABEL
from helpdesk.backup.manifest import BackupProblem

MIN_PASSPHRASE = 12
_KEY, _CONTENT, _README = "key.age", "backup.tar.age", "README.txt"
_HOW_TO_OPEN = """\
A backup of Staffel. ./staffel restore puts it back.
Without Staffel: unzip it; `age -d key.age > key.txt` asks for the passphrase, then
`age -d -i key.txt backup.tar.age | tar x` gives what is inside. Erase key.txt afterwards.
"""

type Recipient = x25519.Recipient | ssh.Recipient
type Identity = x25519.Identity | ssh.Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a file is closed with: a passphrase, or those who can open it (`age1…`, `ssh-ed25519 …`)."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """What a file is opened with: its passphrase, or the text of a file with age or SSH keys."""

    passphrase: str = ""
    identities: str = ""


def write_archive(target: Path, members: Mapping[str, Path], lock: Lock, *, label: str = "") -> None:
    """Write `members` (name in the archive and file) to `target`, whole or not at all, readable by its owner only.

    `label` stands beside them for everybody to read.

    Raises `BackupProblem` for a passphrase that is too short and a recipient that is none.
    """
    recipients, key = _recipients(lock)
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(_README, _HOW_TO_OPEN)
                if label:
                    archive.writestr(LABEL, label)
                if key is not None:
                    archive.writestr(_KEY, passphrase.encrypt(str(key).encode(), lock.passphrase))
                with (
                    archive.open(_CONTENT, "w", force_zip64=True) as content,
                    _piped(lambda pipe: _write_tar(pipe, members)) as plain,
                ):
                    encrypt_io(plain, content, recipients)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read_archive(source: Path, folder: Path, names: Sequence[str], unlock: Unlock) -> None:
    """Decrypt what is in `source` into `folder`; only files with these names are taken out, and each has to be there.

    Raises `BackupProblem` for a file that is no backup, is damaged, or can't be opened with what was given.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            keys = _identities(unlock, archive.read(_KEY) if _KEY in archive.namelist() else None)
            with archive.open(_CONTENT) as content, _consumed(lambda pipe: _read_tar(pipe, folder, names)) as plain:
                decrypt_io(content, plain, keys)
    except (zipfile.BadZipFile, KeyError):
        raise BackupProblem(f"{source.name} is no backup of Staffel, or only the beginning of one.") from None
    except (DecryptError, tarfile.TarError, OSError):
        raise BackupProblem(
            f"{source.name} can't be opened: the passphrase or key is another one, or the file is damaged."
        ) from None
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise BackupProblem(f"{source.name} has no {missing[0]}: it is another kind of backup.")


def _recipients(lock: Lock) -> tuple[list[Recipient], x25519.Identity | None]:
    if not lock.recipients:
        if len(lock.passphrase) < MIN_PASSPHRASE:
            raise BackupProblem(
                f"The passphrase needs at least {MIN_PASSPHRASE} characters: four words are a good one."
            )
        key = x25519.Identity.generate()
        return [key.to_public()], key
    return [_recipient(text) for text in lock.recipients], None


def _recipient(text: str) -> Recipient:
    try:
        return x25519.Recipient.from_str(text) if text.startswith("age1") else ssh.Recipient.from_str(text)
    except Exception:
        raise BackupProblem(f"{text[:12]}… is no recipient: expected age1… or a line of an SSH public key.") from None


def _identities(unlock: Unlock, key: bytes | None) -> list[Identity]:
    if unlock.identities:
        return _read_identities(unlock.identities)
    if key is None:
        raise BackupProblem(
            "This backup was made for a key, not with a passphrase: name the key's file with --identity."
        )
    return [x25519.Identity.from_str(passphrase.decrypt(key, unlock.passphrase).decode())]


def _read_identities(text: str) -> list[Identity]:
    try:
        if "PRIVATE KEY" in text:
            return [ssh.Identity.from_buffer(text.encode())]
        lines = (line.strip() for line in text.splitlines())
        return [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except Exception:
        raise BackupProblem("The file named with --identity holds no key of age and no SSH key.") from None


def _write_tar(pipe: IO[bytes], members: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=pipe, mode="w|") as tar:
        for name, file in members.items():
            tar.add(file, arcname=name, recursive=False)


def _read_tar(pipe: IO[bytes], folder: Path, names: Sequence[str]) -> None:
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() and member.name in names else None
            if content is not None:
                with (folder / member.name).open("xb") as file:
                    while piece := content.read(1024 * 1024):
                        file.write(piece)
    while pipe.read(1024 * 1024):  # what pads the end
        pass


@contextmanager
def _piped(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What `write` puts into a pipe, in a thread of its own; its error is raised here."""
    reading, writing = os.pipe()
    with _beside(write, writing, "wb"), os.fdopen(reading, "rb") as pipe:
        yield pipe


@contextmanager
def _consumed(read: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """A pipe that `read` reads to its end, in a thread of its own; its error is raised here."""
    reading, writing = os.pipe()
    with _beside(read, reading, "rb"), os.fdopen(writing, "wb") as pipe:
        yield pipe


@contextmanager
def _beside(work: Callable[[IO[bytes]], None], end: int, mode: str) -> Iterator[None]:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(end, mode) as pipe:
                work(pipe)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failed and not isinstance(failed[0], BrokenPipeError):
        raise failed[0]
