"""What a backup says of itself, so that it is put back only where it fits and found out when something is missing."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

FORMAT = 2
#: Before backups had an end.
_ENDLESS_FORMAT = 1
#: The name of the manifest and of the database in a backup.
MANIFEST, DATABASE = "manifest.json", "database"


class BackupProblem(Exception):
    """Why a backup can't be taken or put back; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`engine` is "sqlite" or "postgresql", `revision` that of the database, `rows` how many each table has.

    `key_mark` shows whether `STAFFEL_SECRET_KEY` is still the same, and tells nothing about it. `has_files`: uploaded
    files are in the database and so in the backup, not in a bucket. `ends_at` is None in one of an older version.
    """

    made_at: datetime
    engine: str
    revision: str
    rows: Mapping[str, int]
    key_mark: str
    has_files: bool
    ends_at: datetime | None
    format: int = FORMAT

    def to_json(self) -> str:
        """As it stands in a backup."""
        ends_at = self.ends_at.isoformat() if self.ends_at else None
        times = {"made_at": self.made_at.isoformat(), "ends_at": ends_at}
        return json.dumps(asdict(self) | times, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Raises `BackupProblem` for one that this version can't read."""
        try:
            read: dict[str, Any] = json.loads(text)
            if read.get("format") not in (_ENDLESS_FORMAT, FORMAT):
                raise BackupProblem(
                    "The backup has a form that this version doesn't know: use the version that made it."
                )
            ends_at = read.get("ends_at")
            times = {
                "made_at": datetime.fromisoformat(read["made_at"]),
                "ends_at": datetime.fromisoformat(ends_at) if ends_at else None,
            }
            return cls(**(read | times))
        except (ValueError, KeyError, TypeError):
            raise BackupProblem("The backup's own description can't be read: it is no backup of Staffel.") from None


def key_mark(secret_key: str) -> str:
    """The same for the same key; the key can't be found out from it."""
    return hmac.new(secret_key.encode(), b"staffel backup", sha256).hexdigest()[:16]


def check_rows(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Raises `BackupProblem` when a table has other rows than its backup says."""
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        name = wrong[0]
        raise BackupProblem(
            f"The backup is damaged: {name} has {found.get(name, 0)} rows and should have {expected.get(name, 0)}. "
            "Nothing was changed; take another backup."
        )
