"""What goes wrong on purpose: each fault waits for the call it is meant for, and happens `times` times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class TelegramFaultKind(StrEnum):
    """How a call goes wrong."""

    REFUSE = "refuse"  # answers `status` with `description`
    RESET = "reset"  # does what was asked, then the line breaks
    HANG = "hang"  # does what was asked, and never answers
    ODD_ECHO = "odd_echo"  # does what was asked, says ok, and tells of it in a shape that nobody knows
    NOT_JSON = "not_json"  # answers `status` with a page of some proxy's


@dataclass(slots=True, kw_only=True)
class TelegramFault:
    """`method` is the call it waits for; `chat_id` narrows it to one chat, `echo` is what an odd one says."""

    method: str
    mood: TelegramFaultKind = TelegramFaultKind.REFUSE
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    chat_id: int | None = None
    times: int = 1
    echo: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is its turn."""
        return self.times > 0 and self.method == method and self.chat_id in (None, chat_id)
