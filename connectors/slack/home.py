"""What the App Home and the modal look like: pure functions of the words and of what was found."""

from collections.abc import Sequence
from typing import Any

from connectors.contract import FaqEntry
from connectors.slack import mrkdwn
from connectors.slack.rendering import Block, context, section
from connectors.slack.words import SlackWords

SEARCH = "home:search"
PERSON = "home:person"
LANGUAGE = "home:language"
ASK = "home:ask"
OPEN = "home:open"
QUESTION_CALLBACK = "staffel:question"
QUESTION_BLOCK = "question"
QUESTION_FIELD = "text"
MAX_QUESTION_LENGTH = 3000
_EXCERPT = 300

Found = Sequence[tuple[FaqEntry, str]]
"""Articles, each with the signed value of its button."""


def home(said: SlackWords, *, searched: str = "", found: Found = (), notice: str = "") -> dict[str, Any]:
    """The App Home: what this is, a search, what was found, and the ways to a person and another language."""
    blocks: list[Block] = [
        {"type": "header", "text": _plain(said.home_title)},
        section(mrkdwn.escape(said.home_intro)),
        _search(said),
    ]
    if notice:
        blocks.append(section(mrkdwn.escape(notice)))
    if searched:
        blocks += _results(said, searched, found)
    blocks += [{"type": "divider"}, _ways(said)]
    return {"type": "home", "blocks": blocks}


def _search(said: SlackWords) -> Block:
    return {
        "type": "input",
        "block_id": SEARCH,
        "dispatch_action": True,
        "label": _plain(said.home_search),
        "element": {
            "type": "plain_text_input",
            "action_id": SEARCH,
            "max_length": 300,
            "placeholder": _plain(said.home_search_hint),
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
    }


def _results(said: SlackWords, searched: str, found: Found) -> list[Block]:
    if not found:
        return [section(mrkdwn.escape(said.home_nothing))]
    blocks = [context(mrkdwn.escape(said.home_results.format(words=searched[:100])))]
    for number, (entry, value) in enumerate(found):
        blocks.append(_result(said, entry, value, number))
        if entry.link:
            blocks.append(context(mrkdwn.link(entry.link, said.open_page)))
    return blocks


def _result(said: SlackWords, entry: FaqEntry, value: str, number: int) -> Block:
    excerpt = mrkdwn.cut(mrkdwn.to_plain(entry.answer), _EXCERPT)
    shown = excerpt[0] + ("…" if len(excerpt) > 1 else "") if excerpt else ""
    question = mrkdwn.escape(entry.question[:300])
    button = {"type": "button", "action_id": f"{ASK}:{number}", "text": _plain(said.ask), "value": value}
    return {**section(f"*{question}*\n{shown}"), "accessory": button}


def _ways(said: SlackWords) -> Block:
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": PERSON, "text": _plain(said.person), "style": "primary", "value": "person"},
            {"type": "button", "action_id": LANGUAGE, "text": _plain(said.language), "value": "language"},
        ],
    }


def question_modal(said: SlackWords, text: str = "") -> dict[str, Any]:
    """The modal behind the shortcuts: a field for a question, filled in with the message it is about."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": QUESTION_FIELD,
        "multiline": True,
        "max_length": MAX_QUESTION_LENGTH,
    }
    if text:
        element["initial_value"] = text[:MAX_QUESTION_LENGTH]
    return {
        "type": "modal",
        "callback_id": QUESTION_CALLBACK,
        "title": _plain(said.ask_title),
        "submit": _plain(said.send),
        "close": _plain(said.cancel),
        "blocks": [
            {"type": "input", "block_id": QUESTION_BLOCK, "label": _plain(said.ask_label), "element": element},
            context(mrkdwn.escape(said.asked)),
        ],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
