"""Sends one post, and knows what to try when Slack won't take it as it is."""

import logging
from collections.abc import Mapping
from typing import Any

from connectors.contract import Address, DeliveryUnclear, OutboundMessage, RetryLater
from connectors.slack.api_client import NO_THREAD, TOO_MUCH, SlackClient, SlackRefusal
from connectors.slack.parse import thread_ts_of
from connectors.slack.rendering import Post, plain

log = logging.getLogger(__name__)

EVENT_TYPE = "staffel"
"""Names our note in a post's metadata, by which a doubtful post is found again."""

_LOOK_BACK = 15  # posts; what Slack gives out at once to an app outside its marketplace


class PostSender:
    """Posts to one workspace after the other."""

    def __init__(self, slack: SlackClient) -> None:
        self._slack = slack
        self._direct: dict[tuple[str, str], str] = {}

    async def post(self, token: str, message: OutboundMessage, post: Post) -> str:
        """Post a part; its id is `channel:ts`. Raises what `SlackClient.call` raises."""
        if message.doubtful and (found := await self._find(token, message)):
            return found
        arguments = post_arguments(message, post)
        try:
            return await self._post(token, arguments)
        except SlackRefusal as refused:
            if refused.error not in TOO_MUCH | NO_THREAD:
                raise
            log.info("slack: message %s was refused as it is (%s)", message.id, refused.error)
            return await self._post(token, simpler(arguments, message, post, refused.error))

    async def _post(self, token: str, arguments: Mapping[str, Any]) -> str:
        answer = await self._slack.call(token, "chat.postMessage", **arguments)
        channel, ts = (answer.data.get(name) for name in ("channel", "ts"))
        where = channel if isinstance(channel, str) else arguments["channel"]
        return f"{where}:{ts if isinstance(ts, str) else ''}"  # it said ok: sent, whatever else it tells

    async def _find(self, token: str, message: OutboundMessage) -> str | None:
        """The post that may have arrived. When Slack won't let us look, it is posted again."""
        try:
            channel = await self.channel_of(token, message.address)
            thread = thread_ts_of(message.address)
            method = "conversations.replies" if thread else "conversations.history"
            where = {"ts": thread} if thread else {}
            answer = await self._slack.ask(
                token, method, channel=channel, limit=_LOOK_BACK, include_all_metadata="true", **where
            )
        except (SlackRefusal, RetryLater, DeliveryUnclear, KeyError, TypeError) as error:
            log.info("slack: can't look for message %s (%s)", message.id, type(error).__name__)
            return None
        posts = answer.data.get("messages", ())
        found: list[Mapping[str, Any]] = [post for post in posts if _is_ours(post, message)] if posts else []
        return f"{channel}:{found[0].get('ts', '')}" if found else None

    async def channel_of(self, token: str, address: Address) -> str:
        """The id of the channel behind an address; that of a direct message is asked for once."""
        if address.thread:
            return address.chat_id
        key = (address.account, address.chat_id)
        if key not in self._direct:
            answer = await self._slack.call(token, "conversations.open", users=address.chat_id)
            self._direct[key] = str(answer.data["channel"]["id"])
        return self._direct[key]


def post_arguments(message: OutboundMessage, post: Post) -> dict[str, Any]:
    """What `chat.postMessage` is called with."""
    thread = thread_ts_of(message.address)
    return {
        "channel": message.address.chat_id,
        "text": post.text,
        "blocks": post.blocks,
        "metadata": _metadata(message),
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
        **({"thread_ts": thread} if thread else {}),
    }


def _metadata(message: OutboundMessage) -> dict[str, Any]:
    payload = {"message": message.id, "part": len(message.parts)}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def _is_ours(post: object, message: OutboundMessage) -> bool:
    """Whether a post carries our note of this part, among whatever else Slack has put into its metadata."""
    metadata = post.get("metadata") if isinstance(post, Mapping) else None
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    if not isinstance(payload, Mapping):
        return False
    return all(payload.get(name) == value for name, value in _metadata(message)["event_payload"].items())


def simpler(arguments: Mapping[str, Any], message: OutboundMessage, post: Post, error: str) -> dict[str, Any]:
    """Without the thread when it is gone, without blocks when they are too much."""
    if error in NO_THREAD:
        return {name: value for name, value in arguments.items() if name != "thread_ts"}
    words = {name: value for name, value in arguments.items() if name != "blocks"}
    return words | {"text": plain(message, post).text}
