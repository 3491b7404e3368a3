"""What in domain.yml would be lost on the way to a customer, found before training: each with file and line.

Rasa trains a button that no channel can send back, an image nobody shows and an action that nobody provides; the
customer then gets an excuse. Pure: YAML in, complaints out.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bot.payloads import check_payload
from bot_protocol import BotMessage, BotProtocolError

CHANNELS = ("webchat", "telegram", "slack")
SHOWN = frozenset({"text", "buttons", "quick_replies", "image", "custom", "channel", "condition", "id", "metadata"})
"""What a response may hold. Of the rest (`attachment`, `elements`) no channel of Staffel can show anything."""
UTTER = "utter_"
IMAGE = re.compile(r"https?://[^\s<>]+|\{[^{}]+\}")
"""An address, or the slot that holds it."""

Node = Any
"""A node of PyYAML's: it knows its line."""


@dataclass(frozen=True)
class Complaint:
    """What can't work, and where it stands."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def check_domain(source: str, provided: Collection[str], file: str = "domain.yml") -> list[Complaint]:
    """The complaints about a domain, in its order; `provided` are the names of the actions that somebody runs."""
    try:
        root = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return []  # Rasa says it better
    parts = dict(_pairs(root))
    found = [*_missing_actions(parts.get("actions"), provided), *_lost_responses(parts)]
    return [Complaint(file, node.start_mark.line + 1, text) for node, text in sorted(found, key=_line)]


def _line(found: tuple[Node, str]) -> int:
    return int(found[0].start_mark.line)


def _missing_actions(actions: Node | None, provided: Collection[str]) -> Iterator[tuple[Node, str]]:
    for node, name in _names(actions):
        if not name.startswith(UTTER) and name not in provided:
            yield node, f"nobody provides the action {name}: write it into actions/custom/, or take it out"


def _lost_responses(parts: dict[str, Node]) -> Iterator[tuple[Node, str]]:
    intents = [name for _, name in _names(parts.get("intents"))]
    entities = [name for _, name in _names(parts.get("entities"))]
    for name, variations in _pairs(parts.get("responses")):
        for variation in _items(variations):
            for node, text in _complaints_about(variation, intents, entities):
                yield node, f"{name}: {text}"


def _complaints_about(
    variation: Node, intents: Collection[str], entities: Collection[str]
) -> Iterator[tuple[Node, str]]:
    keys = dict(_pairs(variation))
    for name in keys:
        if name not in SHOWN:
            yield keys[name], f"{name!r} is not shown on any channel of Staffel"
    channel, image = keys.get("channel"), keys.get("image")
    if channel is not None and channel.value not in CHANNELS:
        yield channel, f"there is no channel {channel.value!r}, only {', '.join(CHANNELS)}"
    if image is not None and not IMAGE.fullmatch(str(image.value)):
        yield image, "an image is an address that begins with https://"
    for buttons in ("buttons", "quick_replies"):
        for button in _items(keys.get(buttons)):
            yield from _complaints_about_button(button, intents, entities)
    yield from _unreadable(variation)


def _complaints_about_button(
    button: Node, intents: Collection[str], entities: Collection[str]
) -> Iterator[tuple[Node, str]]:
    written = _value(button)
    title, payload = (written.get("title"), written.get("payload")) if isinstance(written, dict) else (None, None)
    if not isinstance(title, str) or not isinstance(payload, str):
        yield button, "a button needs a title and a payload; an address belongs into the text"
        return
    try:
        check_payload(payload.replace("{{", "{").replace("}}", "}"), intents, entities)
    except BotProtocolError as error:
        yield button, f"the button {title!r} would do nothing; {error}"


def _unreadable(variation: Node) -> Iterator[tuple[Node, str]]:
    """Custom JSON without a text, and fields of ours in it that hold something else."""
    written = _value(variation)
    if not isinstance(written, dict):
        return
    said = {name: value for name, value in written.items() if name in ("text", "image", "custom")}
    try:
        message = BotMessage.from_rasa(said)
    except (BotProtocolError, AttributeError) as error:
        yield variation, f"custom: {error}"
        return
    if not message.text and not (written.get("custom") and message.to_json()):
        yield variation, "there is no text: custom JSON is shown by its `text` or `fallback`, on every channel alike"


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The keys of a mapping with their values."""
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _names(node: Node | None) -> Iterator[tuple[Node, str]]:
    """The names of a list, some of them with options: `- action_x` and `- action_x: {send_domain: true}`."""
    for item in _items(node):
        name = item.value[0][0] if isinstance(item, yaml.MappingNode) and item.value else item
        yield name, str(name.value)


def _value(node: Node) -> Any:
    """What a node holds, as plain values."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return yaml.SafeLoader("").construct_object(node) if node.tag != "tag:yaml.org,2002:str" else node.value
