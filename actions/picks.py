"""A choice that is named by its number instead of being pressed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from actions import words
from actions.memory import ConversationMemory
from actions.reply import person, say
from bot_protocol import BotMessage, BotProtocolError, ButtonPayload, Choice
from knowledge.articles.answers import AnswerSource

PICK = "pick"
"""The entity that holds the number."""

type Reaction = Callable[[ConversationMemory, AnswerSource], Awaitable[BotMessage | tuple[BotMessage, ...]]]


async def pick(
    past: ConversationMemory, answers: AnswerSource, *, reactions: Mapping[str, Reaction]
) -> BotMessage | tuple[BotMessage, ...]:
    """What pressing the choice does, by the intent of its button; without choices, a question what the number means."""
    choices = _offered(past)
    if not choices:
        return BotMessage(text=say(past, words.WHAT_ABOUT_IT), choices=(person(past),))
    number = int(past.entities[PICK])
    button = _button(choices[number - 1]) if 1 <= number <= len(choices) else None
    if button is None or button.intent not in reactions:
        text = say(past, words.NO_SUCH_CHOICE).format(number=number)
        return BotMessage(text=text, choices=choices, asked=past.last.asked if past.last else None)
    return await reactions[button.intent](replace(past, entities=button.entities), answers)


def _offered(past: ConversationMemory) -> tuple[Choice, ...]:
    """What the bot offered last, in its last turn."""
    return next((said.choices for said in reversed(past.last_said) if said.choices), ())


def _button(choice: Choice) -> ButtonPayload | None:
    """None for a button of an assistant's own."""
    try:
        return ButtonPayload.from_text(choice.payload)
    except BotProtocolError:
        return None
