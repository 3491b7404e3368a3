"""A customer who reads French, from the greeting to an agent's goodbye: a catalog, and no code that knows it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.contract import Author, Introduction
from connectors.webchat.person_button import wish_in
from helpdesk.app import AppComponents
from store.models import Message
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of, run_helpdesk, settings_for

SPACE = "\N{NARROW NO-BREAK SPACE}"
PERSON = "Je souhaite parler à une personne."


@pytest.fixture
async def parts(tmp_path: Path, sqlite_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, sqlite_url), bot) as started:
        yield started


async def write(parts: AppComponents, text: str, *, payload: str | None = None) -> str:
    """A message from a browser whose page is French; the conversation's id."""
    message = replace(inbound_message(text), introduction=Introduction(language="fr", formality="du"), payload=payload)
    return (await parts.inbox.receive(message)).conversation_id


async def line_with(parts: AppComponents, conversation_id: str, words: str) -> Message:
    async def look() -> Message | None:
        return next((line for line in await log_of(parts, conversation_id) if words in line.text), None)

    found = await eventually(look, words)
    assert found is not None
    return found


async def test_greeting_waiting_and_buttons_are_french(parts: AppComponents) -> None:
    conversation_id = await write(parts, PERSON, payload=wish_in(PERSON))
    greeting = (await log_of(parts, conversation_id))[0]
    assert greeting.text.startswith("Bonjour, je suis Staffel, un assistant numérique")
    waiting = await line_with(parts, conversation_id, "file d’attente")
    assert f"résumé{SPACE};" in waiting.text
    assert "Me faire rappeler" in [choice.title for choice in waiting.choices]


async def test_an_agent_is_announced_and_says_goodbye_in_french(parts: AppComponents) -> None:
    conversation_id = await write(parts, PERSON, payload=wish_in(PERSON))
    await line_with(parts, conversation_id, "file d’attente")
    desk = drive(parts.conversations)
    mia = await hire(parts, "Mia")
    epoch = (await desk.accept(conversation_id, mia)).epoch
    await line_with(parts, conversation_id, "Mia est maintenant là pour vous")
    await desk.answer(conversation_id, mia, epoch, "Votre colis arrive demain.", "c1")
    await desk.resolve(conversation_id, mia)
    await line_with(parts, conversation_id, "Cette conversation est terminée.")


async def test_the_bot_learns_the_language_and_what_is_written_does_not_change_it(
    parts: AppComponents, bot: FakeBot
) -> None:
    conversation_id = await write(parts, "Comment puis-je retourner un article ?")
    await eventually(lambda: _answered(parts, conversation_id), "the bot's answer")
    assert bot.turns[0]["metadata"]["language"] == "fr"
    assert (await conversation_of(parts, conversation_id)).language == "fr"


async def test_clear_german_changes_the_language(parts: AppComponents, bot: FakeBot) -> None:
    conversation_id = await write(parts, "Wann kommt denn endlich meine Bestellung an?")
    await eventually(lambda: _answered(parts, conversation_id), "the bot's answer")
    assert (await conversation_of(parts, conversation_id)).language == "de"


def test_the_chats_button_for_a_person_is_understood_where_the_bot_does_not_read_the_language() -> None:
    assert wish_in(PERSON) == "/ask_person"
    assert wish_in("Ich möchte mit einem Menschen sprechen.") is None  # the bot reads it


async def _answered(parts: AppComponents, conversation_id: str) -> bool:
    return sum(line.author == Author.BOT for line in await log_of(parts, conversation_id)) > 1
