"""A sender's name for a file: shown to people and offered when they save it. No path is ever made of it."""

import re
import unicodedata

#: What file systems take; the ending stays.
MAX_NAME_LENGTH = 120
#: Names that Windows keeps for devices, whatever ending follows.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=$|[. ])", re.IGNORECASE)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
_FORBIDDEN = frozenset('<>:"|?*')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str, otherwise: str = "file") -> str:
    """The name without folders, control and bidi characters and what a file system trips over; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in last if _is_shown(character))
    kept = _shorten(kept.strip(". "))
    return f"_{kept}" if _DEVICES.match(kept) else kept or otherwise


def name_of_kind(name: str, media_type: str) -> str:
    """The clean name of a picture that became another kind: `IMG_1.HEIC` is a JPEG then, and is called one."""
    stem = name.rpartition(".")[0] or name
    return _shorten(f"{stem}.{_ENDINGS.get(media_type, 'bin')}")


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _FORBIDDEN


def _shorten(name: str) -> str:
    """At most `MAX_NAME_LENGTH` characters, with the ending."""
    if len(name) <= MAX_NAME_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_NAME_LENGTH]
    return f"{stem[: MAX_NAME_LENGTH - len(ending) - 1]}.{ending}"
