"""People who use Telegram: what they do becomes updates in the documented shapes."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.rules import units
from tests.fakes.telegram.state import SentMessage

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

Json = Mapping[str, Any]
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]+(?:@\w+)?")
_MENTION = re.compile(r"@\w{3,32}")


@dataclass(slots=True, kw_only=True)
class TelegramPerson:
    """Somebody with an account. In a private chat the chat's id is the person's."""

    server: "FakeTelegram" = field(repr=False)
    id: int
    name: str = "Ida"
    language: str = "de"

    def account(self) -> dict[str, Any]:
        """The person as `from`."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    def chat(self, group: int | None = None) -> dict[str, Any]:
        """The private chat, or a group."""
        if group is None:
            return {"id": self.id, "type": "private", "first_name": self.name}
        return {"id": group, "type": "supergroup", "title": "Stammtisch"}

    def message(
        self, text: str | None = None, *, group: int | None = None, age: float = 0, **more: Any
    ) -> dict[str, Any]:
        """A message, written `age` seconds ago."""
        found: dict[str, Any] = {
            "message_id": self.server.state.next_message_id(),
            "from": self.account(),
            "chat": self.chat(group),
            "date": int(time.time() - age),
        }
        if text is not None:
            found |= {"text": text} | ({"entities": entities} if (entities := _entities(text)) else {})
        self.server.state.chats.add(found["chat"]["id"])
        return found | more

    def update(self, kind: str, content: Json) -> dict[str, Any]:
        """An update that isn't on its way yet."""
        return {"update_id": self.server.updates.new_id(), kind: content}

    def writes(
        self, text: str | None = None, *, group: int | None = None, age: float = 0, **more: Any
    ) -> dict[str, Any]:
        """Send a message; returns it."""
        message = self.message(text, group=group, age=age, **more)
        self.server.updates.offer(self.update("message", message))
        return message

    def edits(self, message: Json, text: str) -> None:
        """Give a message other words."""
        changed = {**message, "text": text, "edit_date": int(time.time())}
        self.server.updates.offer(self.update("edited_message", changed))

    def press(self, message: SentMessage, title: str) -> dict[str, Any]:
        """The update of a press on the button called `title`, not on its way yet."""
        id_ = f"{self.id}{self.server.updates.new_id()}"
        self.server.state.presses[id_] = time.monotonic()
        return self.update(
            "callback_query",
            {
                "id": id_,
                "from": self.account(),
                "message": dict(self.server.methods.shown(message)),
                "chat_instance": "1234567890",
                "data": message.button(title)["callback_data"],
            },
        )

    def presses(self, message: SentMessage, title: str) -> None:
        """Press the button called `title`."""
        self.server.updates.offer(self.press(message, title))

    def blocks(self, *, blocked: bool = True) -> None:
        """Shut the bot out, or let it in again."""
        (self.server.state.blocked.add if blocked else self.server.state.blocked.discard)(self.id)
        bot = {"user": self.server.methods.get_me({})}
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        change = {
            "chat": self.chat(),
            "from": self.account(),
            "date": int(time.time()),
            "old_chat_member": {**bot, "status": old},
            "new_chat_member": {**bot, "status": new} | ({"until_date": 0} if blocked else {}),
        }
        self.server.updates.offer(self.update("my_chat_member", change))


def _entities(text: str) -> list[dict[str, Any]]:
    found = [("bot_command", match) for match in _COMMAND.finditer(text)]
    found += [
        ("mention", match) for match in _MENTION.finditer(text) if "/" not in text[: match.start()].split(" ")[-1]
    ]
    return [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())} for kind, match in found
    ]
