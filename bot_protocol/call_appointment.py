"""A call that the bot has agreed with a customer, or as much of it as is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot_protocol.json_object import JsonObject

MAX_PHONE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAppointment:
    """`phone` in its international form; the call comes between `start` and `end`, both aware, or None: no time yet."""

    phone: str
    start: datetime | None = None
    end: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        span = {"start": self.start, "end": self.end}
        return {"phone": self.phone, **{name: time.isoformat() for name, time in span.items() if time is not None}}

    @classmethod
    def read(cls, custom: JsonObject) -> "CallAppointment | None":
        """The `call` of a message. Raises `BotProtocolError`."""
        call = custom.object_or_none("call")
        if call is None:
            return None
        start, end = _time(call, "start"), _time(call, "end")
        if (start is None) != (end is None):
            raise call.wrong("end", "a time where there is a start")
        return cls(phone=call.text("phone", MAX_PHONE), start=start, end=end)


def _time(call: JsonObject, name: str) -> datetime | None:
    written = call.text_or_none(name)
    if written is None:
        return None
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        raise call.wrong(name, "a time such as 2026-12-03T10:00:00+01:00") from None
    if time.tzinfo is None:
        raise call.wrong(name, "a time with its offset from UTC")
    return time
