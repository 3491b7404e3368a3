"""What people do in the fake workspace, each as the payload that Slack would send."""

import asyncio
from collections.abc import Mapping
from time import time
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.state import SlackChannel, SlackPerson, SlackPost, SlackState

if TYPE_CHECKING:
    from tests.fakes.slack.server import DeliveryRecord


class SlackUserActions:
    """Writes, presses and asks on people's behalf."""

    state: SlackState

    @property
    def origin(self) -> str:
        raise NotImplementedError

    async def deliver(self, envelope: Mapping[str, Any]) -> "DeliveryRecord":
        raise NotImplementedError

    async def interact(self, payload: Mapping[str, Any]) -> int:
        raise NotImplementedError

    async def send_command(self, form: Mapping[str, str]) -> dict[str, Any]:
        raise NotImplementedError

    def envelope(self, event: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """An event as it is delivered."""
        state = self.state
        authorization = {
            "enterprise_id": None,
            "team_id": state.team,
            "user_id": state.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "deprecated",
            "team_id": state.team,
            "api_app_id": state.app_id,
            "event": dict(event),
            "type": "event_callback",
            "event_id": f"Ev{state.number():09d}",
            "event_time": int(time()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        } | changes

    def direct(self, person: SlackPerson, text: str, **more: Any) -> dict[str, Any]:
        """A direct message."""
        return {
            "type": "message",
            "user": person.id,
            "ts": self.state.ts(),
            "client_msg_id": f"cmi-{self.state.number()}",
            "text": text,
            "team": person.team,
            "channel": person.dm,
            "channel_type": "im",
        } | more

    async def write(self, person: SlackPerson, text: str, **more: Any) -> dict[str, Any]:
        """Send a direct message; the event."""
        event = self.direct(person, text, **more)
        await self.deliver(self.envelope(event))
        return event

    async def edit(self, event: Mapping[str, Any], text: str) -> None:
        """Change a direct message."""
        new = {**event, "text": text, "edited": {"user": event["user"], "ts": self.state.ts()}}
        changed = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "channel": event["channel"],
            "channel_type": "im",
            "ts": self.state.ts(),
            "message": new,
            "previous_message": dict(event),
        }
        await self.deliver(self.envelope(changed))

    async def delete(self, event: Mapping[str, Any]) -> None:
        """Delete a direct message."""
        deleted = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": event["channel"],
            "channel_type": "im",
            "ts": self.state.ts(),
            "deleted_ts": event["ts"],
            "previous_message": dict(event),
        }
        await self.deliver(self.envelope(deleted))

    def mentioning(
        self, person: SlackPerson, channel: SlackChannel, text: str, thread: str | None = None
    ) -> dict[str, Any]:
        """A mention in a channel."""
        return {
            "type": "app_mention",
            "user": person.id,
            "ts": self.state.ts(),
            "text": f"<@{self.state.bot_user}> {text}",
            "team": person.team,
            "channel": channel.id,
            **({"thread_ts": thread} if thread else {}),
        }

    async def mention(
        self, person: SlackPerson, channel: SlackChannel, text: str, thread: str | None = None
    ) -> dict[str, Any]:
        """Mention us; the event."""
        event = self.mentioning(person, channel, text, thread)
        await self.deliver(self.envelope(event))
        return event

    async def open_home(self, person: SlackPerson) -> None:
        """Look at the App Home."""
        event = {"type": "app_home_opened", "user": person.id, "channel": person.dm, "tab": "home", "event_ts": "1.1"}
        await self.deliver(self.envelope(event))

    def pressing(self, person: SlackPerson, post: SlackPost, title: str) -> dict[str, Any]:
        """The payload of a press on a button of a post."""
        block, element = next(
            (block, element)
            for block in post.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["text"]["text"] == title
        )
        action = {**element, "block_id": block["block_id"], "action_ts": self.state.ts()}
        container = {"type": "message", "message_ts": post.ts, "channel_id": post.channel, "is_ephemeral": False}
        message = {"ts": post.ts, "text": post.text, "blocks": post.blocks, "user": self.state.bot_user}
        if post.thread_ts:
            message["thread_ts"] = container["thread_ts"] = post.thread_ts
        return {
            **self._interaction("block_actions", person),
            "container": container,
            "channel": {"id": post.channel, "name": "directmessage"},
            "message": message,
            "actions": [action],
            "response_url": f"{self.origin}/whisper",
        }

    async def press(self, person: SlackPerson, post: SlackPost, title: str) -> int:
        """Press a button."""
        return await self.interact(self.pressing(person, post, title))

    async def use_home(self, person: SlackPerson, action_id: str, value: str) -> int:
        """Type into the search of the App Home, or press one of its buttons."""
        action = {"action_id": action_id, "block_id": action_id, "value": value, "action_ts": self.state.ts()}
        payload = {
            **self._interaction("block_actions", person),
            "container": {"type": "view", "view_id": "V1"},
            "view": {"id": "V1", "type": "home", "app_installed_team_id": self.state.team},
            "actions": [action],
        }
        return await self.interact(payload)

    async def call_shortcut(self, person: SlackPerson, about: str | None = None) -> int:
        """Use a shortcut, everywhere or at a message."""
        if about is None:
            return await self.interact({**self._interaction("shortcut", person), "callback_id": "ask_staffel"})
        payload = {
            **self._interaction("message_action", person),
            "callback_id": "ask_about_message",
            "message": {"type": "message", "ts": self.state.ts(), "text": about},
            "channel": {"id": "C1", "name": "general"},
        }
        return await self.interact(payload)

    async def submit(self, person: SlackPerson, text: str) -> int:
        """Send the modal off."""
        view = {
            "id": f"V{self.state.number()}",
            "type": "modal",
            "callback_id": "staffel:question",
            "app_installed_team_id": self.state.team,
            "state": {"values": {"question": {"text": {"type": "plain_text_input", "value": text}}}},
        }
        return await self.interact({**self._interaction("view_submission", person), "view": view})

    async def command(self, person: SlackPerson, text: str, *, in_channel: bool = True) -> dict[str, Any]:
        """Type `/staffel …`."""
        return await self.send_command(
            {
                "token": "deprecated",
                "team_id": self.state.team,
                "team_domain": "testfirma",
                "channel_id": "C1" if in_channel else person.dm,
                "channel_name": "general" if in_channel else "directmessage",
                "user_id": person.id,
                "user_name": "ida",
                "command": "/staffel",
                "text": text,
                "api_app_id": self.state.app_id,
                "is_enterprise_install": "false",
                "response_url": f"{self.origin}/whisper",
                "trigger_id": f"13345224609.{self.state.number()}.8fa",
            }
        )

    async def posts(self, channel: str, count: int = 1) -> list[SlackPost]:
        """What we have posted in a channel, once it is `count` posts."""
        async with asyncio.timeout(60):
            while len(found := [post for post in self.state.posts if post.channel == channel]) < count:
                await asyncio.sleep(0.01)
        return found

    def _interaction(self, kind: str, person: SlackPerson) -> dict[str, Any]:
        return {
            "type": kind,
            "user": {"id": person.id, "username": "ida", "team_id": person.team},
            "api_app_id": self.state.app_id,
            "team": {"id": self.state.team, "domain": "testfirma"},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": f"12466734323.{self.state.number()}.1395872398",
        }
