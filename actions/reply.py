"""The pieces that messages of the actions are made of: wordings, buttons, the offer of a person. Pure."""

import re
from collections.abc import Iterable

from actions import words
from actions.memory import ConversationMemory
from actions.words import Wordings, choose, voice_of
from bot_protocol import BotMessage, ButtonPayload, Choice, HandoffWish
from i18n import language_name

MAX_QUOTE_LENGTH = 100
"""Characters of the customer's words that are said again."""
MARKDOWN = re.compile(r"[\\`*_\[\]()<>#|~]")


def say(past: ConversationMemory, wordings: Wordings) -> str:
    """A wording in the customer's voice that was not said lately."""
    return choose(wordings, voice_of(past.language, past.formality), past.spoken)


def only_in_other_language(past: ConversationMemory, language: str) -> str:
    """Says that an answer exists in `language` and not in the customer's."""
    return say(past, words.ONLY_IN_OTHER_LANGUAGE).format(language=language_name(language, past.language))


def payload(intent: str, **entities: str) -> str:
    """What a button means to the bot."""
    return ButtonPayload(intent=intent, entities=entities).to_text()


def person(past: ConversationMemory) -> Choice:
    return Choice(title=say(past, words.PERSON_TITLE), payload=payload("ask_person"))


def rephrase(past: ConversationMemory) -> Choice:
    return Choice(title=say(past, words.REPHRASE_TITLE), payload=payload("help"))


def article(question: str, key: str) -> Choice:
    return Choice(title=question, payload=payload("faq", article=key))


def was_it_helpful(past: ConversationMemory, key: str) -> tuple[Choice, ...]:
    """The question whether it helped, asked by its two answers: an answer needs no sentence more."""
    yes = Choice(title=say(past, words.HELPED_TITLE), payload=payload("feedback_helpful", article=key))
    no = Choice(title=say(past, words.NOT_HELPED_TITLE), payload=payload("feedback_not_helpful", article=key))
    return (yes, no, person(past))


def quoted(written: str) -> str:
    """The customer's words as a quotation in Markdown, on one line, not too long, and as plain text."""
    words_ = " ".join(written.split())
    short = words_ if len(words_) <= MAX_QUOTE_LENGTH else words_[: MAX_QUOTE_LENGTH - 1].rstrip() + "…"
    return MARKDOWN.sub(r"\\\g<0>", short)


def paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def offer_person(
    past: ConversationMemory, wordings: Wordings, because: str, before: str = "", missed: bool = False
) -> BotMessage:
    """Asks whether a person should be brought in, and remembers why, for the handoff that a yes starts."""
    return BotMessage(
        text=paragraphs((before, say(past, wordings))),
        choices=(person(past), rephrase(past)),
        asked="person",
        because=because,
        missed=missed,
    )


def hand_over(past: ConversationMemory, kind: str, shown_by: tuple[str, ...]) -> BotMessage:
    """The wish for a person, with the words of the customer that show it: the first of `shown_by`."""
    text = next(iter(shown_by), "")
    return BotMessage(text=say(past, words.HANDING_OVER), handoff=HandoffWish(kind=kind, text=text))
