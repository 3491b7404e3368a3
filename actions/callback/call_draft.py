"""What has been agreed of a call so far, as Rasa's slots keep it between two messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from actions.callback.call_plan import CallWindow

FORM = "callback_form"
TIME_SLOT = "callback_time"
PHONE_SLOT = "callback_phone"
DRAFT_SLOT = "callback_draft"


class CallNote(StrEnum):
    """What there is to say before the next question."""

    NOTHING = ""
    NO_FIT = "no_fit"
    OTHERS = "others"
    WRONG = "wrong"
    BAD_PHONE = "bad_phone"
    BACK = "back"


class CallEnding(StrEnum):
    """How the form is over."""

    AGREED = "agreed"
    CANCELLED = "cancelled"
    PERSON = "person"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """`day` was named without a time; `skipped` times were turned down; `wrong` answers in a row had no value.

    `at` is when the last answer came (Unix time), 0 before the first.
    """

    time: CallWindow | None = None
    phone: str | None = None
    day: date | None = None
    note: CallNote = CallNote.NOTHING
    skipped: int = 0
    wrong: int = 0
    at: float = 0.0
    ending: CallEnding | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> "CallDraft":
        """The draft in a tracker's slots; an empty one where there is none."""
        kept = slots.get(DRAFT_SLOT) or {}
        return cls(
            time=CallWindow.from_text(slots.get(TIME_SLOT) or ""),
            phone=slots.get(PHONE_SLOT),
            day=date.fromisoformat(kept["day"]) if kept.get("day") else None,
            note=CallNote(kept.get("note", "")),
            skipped=int(kept.get("skipped", 0)),
            wrong=int(kept.get("wrong", 0)),
            at=float(kept.get("at", 0.0)),
            ending=CallEnding(kept["ending"]) if kept.get("ending") else None,
        )

    def to_slots(self) -> dict[str, Any]:
        """The slots with their values."""
        kept = {
            "day": self.day.isoformat() if self.day else None,
            "note": str(self.note),
            "skipped": self.skipped,
            "wrong": self.wrong,
            "at": self.at,
            "ending": str(self.ending) if self.ending else None,
        }
        return {
            TIME_SLOT: self.time.to_text() if self.time else None,
            PHONE_SLOT: self.phone,
            DRAFT_SLOT: {name: value for name, value in kept.items() if value} or {"note": ""},
        }
