"""What the fake remembers: its bot, its chats, everything that was called and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.fakes.clocks import Window
from tests.fakes.telegram.faults import TelegramFault
from tests.fakes.telegram.rules import TelegramRefusal

Json = Mapping[str, Any]

OVERALL = 30  # messages a second
GROUP_PER_MINUTE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """What came with a message of the bot's: `kind` is `photo` or `document`."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramCall:
    """One call of a method, whatever became of it."""

    method: str
    params: Json
    at: float = field(default_factory=monotonic)


@dataclass(slots=True, kw_only=True)
class SentMessage:
    """A message of the bot's as it stands in the chat now. `keyboard` is rows of buttons."""

    id: int
    chat_id: int
    text: str
    entities: Sequence[Json] = ()
    keyboard: Sequence[Sequence[Json]] = ()
    file: SentFile | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    at: float = field(default_factory=monotonic)

    def button(self, title: str) -> Json:
        """The button called `title`."""
        return next(button for row in self.keyboard for button in row if button["text"] == title)

    def titles(self) -> list[str]:
        """What stands on its buttons."""
        return [button["text"] for row in self.keyboard for button in row]

    def marked(self, kind: str) -> list[str]:
        """The stretches of the text that an entity of `kind` covers."""
        encoded = self.text.encode("utf-16-le")
        return [
            encoded[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]


@dataclass(slots=True)
class TelegramState:
    """All of it. `tolerance` is by how many seconds two messages to one chat may be closer than a second."""

    token: str
    bot_id: int
    username: str
    tolerance: float = 0.5
    calls: list[TelegramCall] = field(default_factory=list)
    sent: list[SentMessage] = field(default_factory=list)
    reactions: dict[tuple[int, int], str] = field(default_factory=dict)
    faults: list[TelegramFault] = field(default_factory=list)
    chats: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    large_files: set[str] = field(default_factory=set)
    presses: dict[str, float] = field(default_factory=dict)
    press_answers: list[tuple[str, str | None]] = field(default_factory=list)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    exceeded: list[str] = field(default_factory=list)
    overall: Window = field(default_factory=lambda: Window(OVERALL, 1.0))
    _chat_windows: dict[int, Window] = field(default_factory=dict)
    _group_windows: dict[int, Window] = field(default_factory=dict)
    _message_id: int = 1000

    def next_message_id(self) -> int:
        """Ids rise over all chats, which is true enough."""
        self._message_id += 1
        return self._message_id

    def sent_to(self, chat_id: int) -> list[SentMessage]:
        """The bot's messages in one chat, in order."""
        return [message for message in self.sent if message.chat_id == chat_id]

    def called(self, method: str) -> list[TelegramCall]:
        """All calls of a method, in order."""
        return [call for call in self.calls if call.method == method]

    def fault_for(self, method: str, chat_id: int | None) -> TelegramFault | None:
        """The fault whose turn it is; it has one turn less from now on."""
        for fault in self.faults:
            if fault.fits(method, chat_id):
                fault.times -= 1
                return fault
        return None

    def count(self, chat_id: int) -> None:
        """Count a message under the limits. Raises 429 when it is one too many."""
        chat = self._chat_windows.setdefault(chat_id, Window(1, 1.0 - self.tolerance))
        windows = {"overall": self.overall, f"chat {chat_id}": chat}
        if chat_id < 0:
            windows[f"group {chat_id}"] = self._group_windows.setdefault(chat_id, Window(GROUP_PER_MINUTE, 60.0))
        for name, window in windows.items():
            wait = window.take()
            if wait is not None:
                self.exceeded.append(name)
                seconds = max(1, round(wait))
                raise TelegramRefusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
