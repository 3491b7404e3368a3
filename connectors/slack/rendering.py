"""A message of ours as Slack's posts: Block Kit within its limits, and the same in plain words for notifications.

Limits: https://docs.slack.dev/reference/block-kit/blocks – 50 blocks, 3000 characters in a section; about 13,000 in
all blocks of one message are taken before `msg_blocks_too_long`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.contract import Author, OutboundMessage, message_mark
from connectors.slack import buttons, mrkdwn
from connectors.slack.buttons import Buttons
from connectors.slack.words import words

MAX_TEXT = 8_000
"""Characters of text in one post; room is left for buttons and links."""

_MAX_SECTIONS = 40
_MAX_PLAIN = 4_000
_MAX_CHOICES = 25

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One part of a message. `text` stands for the blocks where they can't be shown."""

    text: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text of one section, with a small `label` above; folded ones are shown by Slack with a "show more" of its own."""

    text: str
    folded: bool = False
    label: str = ""


def render(message: OutboundMessage, signer: Buttons, until: datetime, bot: str = "") -> list[Post]:
    """All parts of a message, in order: the same message always gives the same parts.

    `until` is when its buttons end, `bot` how a thread mentions us.
    """
    packed = _pack(_pieces(message))
    posts = [_post(message, pieces, first=at == 0) for at, pieces in enumerate(packed or [[]])]
    last = posts[-1]
    tail = _tail(message, signer, until, bot)
    posts[-1] = Post(text=last.text, blocks=[*last.blocks, *tail])
    return [post for post in posts if post.blocks]


def _pieces(message: OutboundMessage) -> list[_Piece]:
    lead = message.text if message.lead is None else message.text[: message.lead]
    rest = "" if message.lead is None else message.text[message.lead :]
    at = len(lead) - (message.short or 0)
    before, short = (lead[:at], lead[at:]) if message.short and at >= 0 else (lead, "")
    shown = [_Piece(piece) for piece in mrkdwn.to_pieces(before)]
    answers = [_Piece(piece) for piece in mrkdwn.to_pieces(short)]
    if answers:
        answers[0] = _Piece(answers[0].text, label=words(message.language).short_answer)
    return [*shown, *answers, *(_Piece(piece, folded=True) for piece in mrkdwn.to_pieces(rest))]


def _pack(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    packed: list[list[_Piece]] = []
    for piece in pieces:
        size = sum(len(one.text) for one in packed[-1]) if packed else 0
        if not packed or size + len(piece.text) > MAX_TEXT or len(packed[-1]) >= _MAX_SECTIONS:
            packed.append([])
        packed[-1].append(piece)
    return packed


def _post(message: OutboundMessage, pieces: Sequence[_Piece], *, first: bool) -> Post:
    by_agent = message.author == Author.AGENT and bool(message.author_name)
    name = mrkdwn.escape(message.author_name)
    blocks = [context(f"*{name}*")] if by_agent and first and pieces else []
    for piece in pieces:
        blocks += [context(f"*{mrkdwn.escape(piece.label)}*")] if piece.label else []
        blocks.append(section(piece.text, folded=piece.folded))
    said = "\n\n".join(piece.text for piece in pieces)
    return Post(text=_shorten(f"{name}: {said}" if by_agent and first else said), blocks=blocks)


def _tail(message: OutboundMessage, signer: Buttons, until: datetime, bot: str) -> Iterable[Block]:
    """What stands below the words: where to read on, and what to choose from."""
    said = words(message.language)
    if message.link:
        yield context(mrkdwn.link(message.link, said.whole_answer))
    if message.related:
        lines = [said.related, *(f"• {mrkdwn.link(one.link, one.question)}" for one in message.related)]
        yield from (section(piece) for piece in mrkdwn.cut("\n".join(lines), mrkdwn.MAX_LENGTH))
    choices = message.choices[:_MAX_CHOICES]
    mark = message_mark(message.id)
    values = [signer.choice(message.address, message.seq, number, until, mark) for number in range(len(choices))]
    yield from buttons.rows(choices, values)
    if bot and message.address.thread and message.author != Author.AGENT:
        yield context(mrkdwn.escape(said.address_again.format(bot=bot)))


def plain(message: OutboundMessage, post: Post) -> Post:
    """The same without blocks, for a Slack that won't take them: choices become words to answer with."""
    offered = "\n".join(f"• {mrkdwn.escape(choice.title)}" for choice in message.choices)
    has_buttons = any(block["type"] == "actions" for block in post.blocks)
    return Post(text="\n\n".join(part for part in (post.text, offered if has_buttons else "") if part) or "…")


def section(text: str, *, folded: bool = False) -> Block:
    """A section whose text Slack leaves as it is: it makes no mentions or links of its own out of it."""
    return {"type": "section", "expand": not folded, "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(text: str) -> Block:
    """A small line."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _shorten(text: str) -> str:
    pieces = mrkdwn.cut(text, _MAX_PLAIN - 1)
    return text if len(pieces) <= 1 else pieces[0] + "…"


def after_choice(blocks: Sequence[Block], title: str, language: str) -> list[Block]:
    """The blocks of a message once a choice has been made: what was chosen stands where the buttons were."""
    chosen = context(mrkdwn.escape(words(language).chosen.format(title=title)))
    kept: list[Block] = []
    for block in blocks:
        if not str(block.get("block_id", "")).startswith(buttons.CHOICES):
            kept.append(block)
        elif chosen not in kept:
            kept.append(chosen)
    return kept
