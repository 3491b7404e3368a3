"""Where an article stands in the help centre: addresses that can be read, and that outlive a change of wording."""

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from i18n import SOURCE_LANGUAGE, available_languages

_MAX_LENGTH = 72  # characters of a question in an address
_FOLDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "'": "", "’": ""}
)
_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLinks:
    """The help centre's addresses. `origin` is the installation's own, without a slash at the end."""

    origin: str
    is_on: bool = True

    def to(self, key: str, language: str, question: str = "") -> str | None:
        """The page of the article `key`; `None` while there is no help centre.

        `question` makes the address readable. Without it, or with one that is no longer true, the page is found too.
        """
        return self.origin + article_path(key, language, question) if self.is_on else None


def article_path(key: str, language: str, question: str = "") -> str:
    """`/help/<language>/<slug>`. A language that the help centre doesn't speak becomes English."""
    is_spoken = language in available_languages("customer")
    return f"/help/{language if is_spoken else SOURCE_LANGUAGE}/{slug_of(key, question)}"


def slug_of(key: str, question: str = "") -> str:
    """The question in plain letters and, after the last hyphen, the code that stays when the wording changes."""
    words = fold(question)
    if len(words) > _MAX_LENGTH:
        words = words[: _MAX_LENGTH + 1].rpartition("-")[0] or words[:_MAX_LENGTH]
    return f"{words}-{code_of(key)}" if words else code_of(key)


def code_of(key: str) -> str:
    """Six letters and digits that depend on the key alone; of 10,000 articles a pair may share theirs."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().lower()[:_CODE_LENGTH]


def code_in(slug: str) -> str:
    """What follows the last hyphen."""
    return slug.rpartition("-")[2].lower()


def fold(text: str) -> str:
    """Lower-case ASCII words joined by hyphens: "Wie ändere ich …?" becomes wie-aendere-ich."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).lower().translate(_FOLDED))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
