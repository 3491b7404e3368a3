"""A canned reply as it is entered, and which of its texts a conversation gets. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpdesk.canned_replies.reply_text import VARIABLES, variables_in
from i18n import SOURCE_LANGUAGE, available_languages, has_informal
from store.errors import Invalid

MAX_SHORTCUT, MAX_TITLE, MAX_TEXT = 32, 80, 4_000
INFORMAL = "@informal"
"""What the key of a text ends with that says du, as the folders of `locale/` do."""

_SHORTCUT = re.compile(rf"[\w.-]{{1,{MAX_SHORTCUT}}}")


class ReplyProblem(Invalid):
    """Something about a canned reply that can't work; `fields` names where it is."""

    def __init__(self, code: str, field_name: str) -> None:
        super().__init__(
            f"The reply can't work like this: {code.removeprefix('reply_')}.", code=code, fields=(field_name,)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDraft:
    """A canned reply without its figures. `texts` are Markdown by `text_keys`; `team` is the id of whose it is."""

    shortcut: str
    title: str
    texts: Mapping[str, str] = field(default_factory=dict)
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenText:
    """The text for a conversation, and its key. `is_fitting`: it is in the language and form that was wanted."""

    key: str
    text: str
    is_fitting: bool


def text_keys() -> tuple[str, ...]:
    """What a reply may have texts for: every language of customers, German with Sie and with du."""
    keys = ((code, code + INFORMAL) if has_informal("customer", code) else (code,) for code in _languages())
    return tuple(key for pair in keys for key in pair)


def key_for(language: str, formality: str) -> str:
    """Which text is for a language and a form of address ("sie", "du")."""
    informal = language + INFORMAL
    return informal if formality == "du" and informal in text_keys() else language


def choose_text(texts: Mapping[str, str], language: str, formality: str) -> ChosenText:
    """The text that is wanted; else the language's other one, the English one, or any: said to be another one."""
    wanted = key_for(language, formality)
    likely = (wanted, language, language + INFORMAL, SOURCE_LANGUAGE, *texts)
    key = next((key for key in likely if texts.get(key)), wanted)
    return ChosenText(key=key, text=texts.get(key, ""), is_fitting=key == wanted)


def tidy_reply(draft: ReplyDraft) -> ReplyDraft:
    """The reply without spaces around its words and without empty texts. Raises `ReplyProblem`."""
    tidied = replace(
        draft,
        shortcut=draft.shortcut.strip().removeprefix("/").casefold(),
        title=" ".join(draft.title.split()),
        texts={key: text.strip() for key, text in draft.texts.items() if text.strip()},
        team=draft.team or None,
    )
    _check(tidied)
    return tidied


def _check(draft: ReplyDraft) -> None:
    if not _SHORTCUT.fullmatch(draft.shortcut):
        raise ReplyProblem("reply_shortcut", "shortcut")
    if not 0 < len(draft.title) <= MAX_TITLE:
        raise ReplyProblem("reply_title", "title")
    is_known = draft.texts.keys() <= set(text_keys())
    if not draft.texts or not is_known or any(len(text) > MAX_TEXT for text in draft.texts.values()):
        raise ReplyProblem("reply_text", "texts")
    if any(variables_in(text) - VARIABLES for text in draft.texts.values()):
        raise ReplyProblem("reply_variable", "texts")


def _languages() -> tuple[str, ...]:
    return tuple(available_languages("customer"))
