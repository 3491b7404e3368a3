"""What was said, as far as the rules of the handoff look at it: one form for stored conversations and for files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

CONTACT = "contact"
BOT = "bot"
AGENT = "agent"

SMALL_TALK = frozenset(
    {
        "greeting",
        "thanks",
        "goodbye",
        "bot_challenge",
        "small_talk",
        "waiting",
        "affirm",
        "deny",
        "waive",
        "help",
        "ask_person",
        "ask_callback",
        "switch_language",
        "feedback",
        "feedback_helpful",
        "feedback_not_helpful",
        "opening_hours",
        "presence",
        "unclear",
        "nudge",
        "pick",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueLine:
    """One line of the log. Everything beside `seq`, `author` and `text` may be unknown.

    `seq` is the line's number in the log, or the index of the turn in a dialogue from a file. `author` is
    "contact", "bot" or "agent". `article` is the key an answer came from, `title` that article's question in the
    reader's language, `short` its sentence that stood first. `intent` is what the bot took a line of the contact
    for; `outcome` ("answer", "clarify", "none") and `confidence` (0–1) are those of the search for it. `helpful` is
    the contact's word on the answer before. `tapped`: a button, no words. `awaits` is the slot that a line of the
    bot asks for; `answers_question`: a line of the contact that answers such a line, with a date or a telephone
    number, say, and is no matter of its own. `parts` are the questions of a message that holds several, each with
    the article that answered it or `None`. `meaning` is the unit vector of the line's sentence embedding.
    """

    seq: int
    author: str
    text: str
    language: str | None = None
    at: datetime | None = None
    intent: str | None = None
    outcome: str | None = None
    confidence: float | None = None
    article: str | None = None
    title: str | None = None
    short: str | None = None
    helpful: bool | None = None
    tapped: bool = False
    awaits: str | None = None
    answers_question: bool = False
    parts: tuple[tuple[str, str | None], ...] = ()
    meaning: Sequence[float] | None = None

    @property
    def is_contacts_words(self) -> bool:
        """Written by the contact, not tapped, and not empty."""
        return self.author == CONTACT and not self.tapped and bool(self.text.strip())
