"""What a text may be made of."""

from store.errors import Invalid

MAX_TEXT_LENGTH = 4000  # characters a customer may write in one message


def clean(text: str, longest: int = MAX_TEXT_LENGTH) -> str:
    """The text without what no database and no screen can take. Raises `Invalid` when it's too long."""
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    if len(kept) > longest:
        raise Invalid(f"The message has {len(kept)} characters, the limit is {longest}.", code="too_long")
    return kept
