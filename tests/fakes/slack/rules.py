"""What Slack takes and what it refuses, from https://docs.slack.dev/reference/block-kit and chat.postMessage."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MAX_BLOCKS, MAX_SECTION, MAX_TITLE, MAX_VALUE = 50, 3000, 75, 2000
MAX_ELEMENTS, MAX_CONTEXT, MAX_HEADER, MAX_ID = 25, 10, 150, 255
MAX_IN_ALL, MAX_TEXT = 13_200, 40_000
MAX_VIEW_BLOCKS = 100

_ENTITY = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"&(?!amp;|lt;|gt;)")
_KNOWN = {
    "section": {"type", "text", "block_id", "accessory", "fields", "expand"},
    "context": {"type", "elements", "block_id"},
    "actions": {"type", "elements", "block_id"},
    "divider": {"type", "block_id"},
    "header": {"type", "text", "block_id"},
    "input": {"type", "label", "element", "block_id", "dispatch_action", "hint", "optional"},
}


class SlackMethodRefusal(Exception):
    """Slack's own word for why not."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


def check_message(arguments: Mapping[str, Any]) -> None:
    """What chat.postMessage and chat.update take."""
    text, blocks = arguments.get("text", ""), arguments.get("blocks") or []
    if not text and not blocks:
        raise SlackMethodRefusal("no_text")
    if len(text) > MAX_TEXT:
        raise SlackMethodRefusal("msg_too_long")
    check_blocks(blocks, MAX_BLOCKS)
    if sum(len(text) for text in texts_of(blocks)) > MAX_IN_ALL:
        raise SlackMethodRefusal("msg_blocks_too_long")


def check_view(view: Mapping[str, Any]) -> None:
    """What views.publish and views.open take."""
    if view["type"] == "modal" and (len(view["title"]["text"]) > 24 or "callback_id" not in view):
        raise SlackMethodRefusal("invalid_arguments")
    check_blocks(view["blocks"], MAX_VIEW_BLOCKS, is_view=True)


def check_blocks(blocks: list[dict[str, Any]], most: int, *, is_view: bool = False) -> None:
    """Every limit of Block Kit that a block of ours could break."""
    if len(blocks) > most:
        raise SlackMethodRefusal("invalid_blocks", detail=f"{len(blocks)} blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _demand(len(ids) == len(set(ids)), "block_id twice")
    for block in blocks:
        kind = block.get("type", "")
        _demand(kind in _KNOWN and set(block) <= _KNOWN[kind], f"{kind} with {sorted(block)}")
        _demand(kind != "input" or is_view, "input outside of a view")
        _demand(1 <= len(block.get("block_id", "x")) <= MAX_ID, "block_id")
        _check_block(kind, block)


def _check_block(kind: str, block: Mapping[str, Any]) -> None:
    match kind:
        case "section":
            _check_text(block["text"], MAX_SECTION)
            if "accessory" in block:
                _check_elements([block["accessory"]])
        case "header":
            _demand(block["text"]["type"] == "plain_text" and len(block["text"]["text"]) <= MAX_HEADER, "header")
        case "context":
            _demand(1 <= len(block["elements"]) <= MAX_CONTEXT, "context")
            for element in block["elements"]:
                _check_text(element, MAX_SECTION)
        case "actions":
            _demand(1 <= len(block["elements"]) <= MAX_ELEMENTS, "actions")
            _check_elements(block["elements"])
        case "input":
            _demand(len(block["label"]["text"]) <= 2000, "label")
            _demand(len(block["element"].get("placeholder", {"text": ""})["text"]) <= 150, "placeholder")
            _demand(len(block["element"].get("initial_value", "")) <= 3000, "initial_value")


def _check_elements(elements: list[dict[str, Any]]) -> None:
    names = [element["action_id"] for element in elements]
    _demand(len(names) == len(set(names)), "action_id twice")
    for element in elements:
        _demand(element["type"] == "button", element["type"])
        _demand(len(element["action_id"]) <= MAX_ID, "action_id")
        _demand(element["text"]["type"] == "plain_text" and 1 <= len(element["text"]["text"]) <= MAX_TITLE, "title")
        _demand(len(element.get("value", "")) <= MAX_VALUE, "value")


def _check_text(text: Mapping[str, Any], most: int) -> None:
    _demand(text["type"] in ("mrkdwn", "plain_text") and 1 <= len(text["text"]) <= most, f"text of {len(text['text'])}")


def _demand(fulfilled: bool, what: str) -> None:
    if not fulfilled:
        raise SlackMethodRefusal("invalid_blocks", detail=what)


def texts_of(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every text in blocks."""
    found: list[str] = []
    for block in blocks:
        for one in (block, *block.get("elements", ()), block.get("accessory") or {}):
            text = one.get("text")
            if isinstance(text, dict):
                found.append(text["text"])
            elif isinstance(text, str):
                found.append(text)
    return found


def pings_in(text: str) -> list[str]:
    """Whom a text would call: people, channels, everybody."""
    return [entity for entity in _ENTITY.findall(text) if entity.startswith(("@", "!", "#"))]


def is_escaped(text: str) -> bool:
    """Whether every & < > of the text is an escape, or belongs to a link that may be followed."""
    if _BARE.search(text):
        return False
    rest = _ENTITY.sub(lambda found: "" if found.group(1).startswith(("http://", "https://", "mailto:")) else "<", text)
    quoted = re.sub(r"^> ?", "", rest, flags=re.MULTILINE)
    return "<" not in quoted and ">" not in quoted
