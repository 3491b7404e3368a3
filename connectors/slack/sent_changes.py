"""Changes what was posted: new words for a post, or none at all. Doing so twice does no harm."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.contract import OutboundMessage, SentPart, Undeliverable
from connectors.contract.sent_changes import next_change
from connectors.slack.api_client import TOO_MUCH, SlackClient, SlackRefusal
from connectors.slack.delivery import post_arguments, simpler
from connectors.slack.rendering import Post, context
from connectors.slack.words import words

_NOT_KNOWN = "Slack didn't say which message it was, so it can't be changed."
_GONE = frozenset({"message_not_found", "file_not_found", "file_deleted"})
#: What the id of a file begins with; that of a post is a time.
_FILE = "F"
_ONLY_FOR_NEW = frozenset({"unfurl_links", "unfurl_media", "thread_ts", "channel"})


async def change_next(slack: SlackClient, token: str, message: OutboundMessage, posts: list[Post]) -> SentPart:
    """Change the next part of a message that has gone out: its words are replaced, what is left over is removed.

    Raises `Undeliverable`, and what `SlackClient.call` raises.
    """
    change = next_change(message, len(posts), unknown=_NOT_KNOWN)
    if change.is_removed:
        await _remove(slack, token, change.external_id)
    elif change.words is not None:
        await _update(slack, token, change.external_id, message, posts[change.words])
    return change.done


async def _update(slack: SlackClient, token: str, part: str, message: OutboundMessage, post: Post) -> None:
    place = _place(part)
    edited = context(words(message.language).edited)  # Slack says so by itself only of a post without blocks
    arguments = post_arguments(message, replace(post, blocks=[*post.blocks, edited]))
    try:
        await slack.call(token, "chat.update", **_without_new(arguments), **place)
    except SlackRefusal as refused:
        if refused.error not in TOO_MUCH:
            raise
        plainer = simpler(arguments, message, post, refused.error)
        await slack.call(token, "chat.update", **_without_new(plainer), **place)


async def _remove(slack: SlackClient, token: str, part: str) -> None:
    place = _place(part)
    try:
        if place["ts"].startswith(_FILE):
            await slack.call(token, "files.delete", file=place["ts"])
        else:
            await slack.call(token, "chat.delete", **place)
    except SlackRefusal as refused:
        if refused.error not in _GONE:
            raise


def _place(part: str) -> dict[str, str]:
    """Where the post is: its channel and time stamp, or the file's id."""
    channel, _, ts = part.rpartition(":")
    if not channel or not ts:
        raise Undeliverable(_NOT_KNOWN)
    return {"channel": channel, "ts": ts}


def _without_new(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name not in _ONLY_FOR_NEW}
