"""What stands on the outside of a backup, to be read without its passphrase: whose it is, and when it ends."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpdesk.backup.manifest import Manifest

#: Its name in the file.
LABEL = "backup.json"
_MAX_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupLabel:
    """`installation` is the mark of the key with which it was made, as in the manifest."""

    installation: str
    made_at: datetime
    ends_at: datetime

    def to_json(self) -> str:
        """As it stands in the file."""
        times = {"made_at": self.made_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return json.dumps({"installation": self.installation, **times})


def label_of(manifest: Manifest) -> str:
    """The label of a backup with this manifest; empty without an end."""
    if manifest.ends_at is None:
        return ""
    label = BackupLabel(installation=manifest.key_mark, made_at=manifest.made_at, ends_at=manifest.ends_at)
    return label.to_json()


def read_label(file: Path) -> BackupLabel | None:
    """The label of a file; None for one that is no backup, or one of a version that wrote no labels."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(LABEL).file_size > _MAX_BYTES:
                return None
            read = json.loads(archive.read(LABEL))
        return BackupLabel(
            installation=str(read["installation"]),
            made_at=datetime.fromisoformat(read["made_at"]),
            ends_at=datetime.fromisoformat(read["ends_at"]),
        )
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return None


def remove_ended(folder: Path, installation: str, time: datetime) -> Sequence[Path]:
    """Remove the backups of this installation that lie in the folder itself and have ended; which they were."""
    ended = []
    for file in sorted(folder.iterdir()):
        label = read_label(file) if file.is_file() and not file.is_symlink() else None
        if label is not None and label.installation == installation and label.ends_at <= time:
            file.unlink()
            ended.append(file)
    return ended
