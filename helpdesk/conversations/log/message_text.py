"""What a text may be made of."""

import re

from store.errors import Invalid

MAX_TEXT_LENGTH = 4000  # characters a customer may write in one message
#: A name between colons that stands by itself: "10:30:45" and "C:temp:x" have none.
_EMOJI_NAME = re.compile(r"(?<!\w):(?:[+-]1|[a-z][a-z0-9_+'-]*):(?!\w)")
_SKIN_TONE = re.compile(r":skin-tone-\d:")


def clean(text: str, longest: int = MAX_TEXT_LENGTH) -> str:
    """The text without what no database and no screen can take. Raises `Invalid` when it's too long."""
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    if len(kept) > longest:
        raise Invalid(f"The message has {len(kept)} characters, the limit is {longest}.", code="too_long")
    return kept


def with_emoji(text: str) -> str:
    """The text with its faces: people type ":rage:", and Slack sends it so. A name that nobody knows stays."""
    if not _EMOJI_NAME.search(text):
        return text
    from emoji import emojize  # a table of thousands, for those who use one

    return _EMOJI_NAME.sub(lambda name: emojize(name.group(), language="alias"), _SKIN_TONE.sub("", text))
