"""Keeps what a customer writes from being read as a command. Pure, no Rasa."""

GUARD = "\u2060"
"""WORD JOINER: invisible, and not white space, so that Rasa's `strip()` leaves it in place."""


def as_text(written: str) -> str:
    """`written`, so that Rasa reads it as text: a leading "/" would be an intent, "EXTERNAL: " an event of its own."""
    stripped = written.strip()
    return GUARD + stripped if stripped.startswith(("/", "EXTERNAL:")) else stripped


def as_written(text: str) -> str:
    """What the customer wrote, for reading and embedding."""
    return text[len(GUARD) :] if text.startswith(GUARD) else text
