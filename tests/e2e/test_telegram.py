"""The main line on Telegram: question, answer, person, agent, and back, with the real SDK and the real Rasa."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.e2e.installation import Installation, installed
from tests.e2e.people import Staff, picture
from tests.fakes.telegram import FakeTelegram, SentMessage, TelegramPerson, telegram
from tests.fakes.trace_receiver import TraceReceiver, trace_receiver
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(420)]

PORT = free_port()
PATIENCE = 60.0  # seconds
#: The spans of a question that an article answers: the program of each, and what it is a part of.
PARTS = {
    "message": ("staffel-helpdesk", "turn"),
    "turn": ("staffel-helpdesk", ""),
    "turn.understand": ("staffel-helpdesk", "turn"),
    "search": ("staffel-helpdesk", "turn.understand"),
    "turn.ask_bot": ("staffel-helpdesk", "turn"),
    "bot.call": ("staffel-helpdesk", "turn.ask_bot"),
    "bot.turn": ("staffel-bot", "bot.call"),
    "bot.parse": ("staffel-bot", "bot.turn"),
    "bot.action": ("staffel-bot", "bot.turn"),
    "action": ("staffel-helpdesk", "bot.action"),
    "turn.store": ("staffel-helpdesk", "turn"),
    "delivery": ("staffel-helpdesk", "turn"),
}


@pytest.fixture(scope="module")
def receiver() -> Iterator[TraceReceiver]:
    """Where both programs send their spans."""
    with trace_receiver() as found:
        yield found


@pytest.fixture(scope="module")
def installation(sample_home: Path, receiver: TraceReceiver) -> Iterator[Installation]:
    telegram_url = f"http://127.0.0.1:{PORT}"
    with installed(sample_home, STAFFEL_TELEGRAM_API_URL=telegram_url, STAFFEL_TRACES_URL=receiver.address) as found:
        yield found


async def reads(fake: FakeTelegram, person: TelegramPerson, words: str) -> SentMessage:
    """The newest message to this person that holds `words`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        sent = fake.state.sent_to(person.id)
        for message in reversed(sent):
            if words in message.text:
                return message
        shown = "\n".join(message.text for message in sent)
        assert time.monotonic() < deadline, f"'{words}' didn't come; what came:\n{shown}"
        await asyncio.sleep(0.05)


async def test_the_main_line_on_telegram(installation: Installation, receiver: TraceReceiver, browser: Browser) -> None:
    async with telegram(port=PORT, scale=1) as fake:
        began = time.monotonic()
        arguments = ("connect", "telegram", "--token-stdin", "--no-test")
        ran = await asyncio.to_thread(installation.run, *arguments, given=fake.state.token.encode())
        assert ran.returncode == 0, ran.stderr.decode()
        ida = fake.person("Ida", language="de")
        ida.writes("/start")
        await reads(fake, ida, "kein Mensch")
        print(f"from a pasted token to the first answer: {time.monotonic() - began:.1f} s")  # noqa: T201

        ida.writes("wo bleibt mein paket")
        await reads(fake, ida, "Sendungsverfolgung")
        asked, title = await offered(fake, ida)
        ida.presses(asked, title)
        await ticked(asked, f"✓ {title}")

        agent = await Staff.join(browser, installation.first_admin_link)
        await agent.is_online()
        ida.writes("ich will mit einem menschen sprechen")
        await reads(fake, ida, "an 1. Stelle")
        await agent.open_first()
        await picture(agent.page, "telegram-1-queue")
        await agent.do("accept")
        await reads(fake, ida, "Mia Weber ist jetzt für Sie da")
        await agent.answer("Guten Tag, ich bin Mia. **Ich schaue gleich nach.**")
        said = await reads(fake, ida, "Ich schaue gleich nach.")
        assert said.marked("bold") == ["Mia Weber:", "Ich schaue gleich nach."]
        await picture(agent.page, "telegram-2-desk")

        await agent.do("resolve")
        await reads(fake, ida, "abgeschlossen")
        ida.writes("wie kann ich bezahlen")
        await reads(fake, ida, "PayPal")
        await tells_the_state_of_an_order(fake, ida)
        await agrees_a_call(fake, ida)
        assert fake.state.exceeded == []
    await is_one_trace_through_both_programs(receiver)
    for words in (
        "paket",
        "menschen",
        "bezahlen",
        "PayPal",
        "Mia Weber",
        "schaue gleich",
        "LH-2024-88317",
        "0170 1234567",
    ):
        assert words.encode() not in receiver.raw, words


async def is_one_trace_through_both_programs(receiver: TraceReceiver) -> None:
    """From the message over the bot and its way back to the delivery, each a part of what it belongs to."""
    deadline = time.monotonic() + PATIENCE
    while not (whole := [one for one in receiver.traces() if PARTS.keys() <= one.keys()]):
        assert time.monotonic() < deadline, sorted(tuple(sorted(one)) for one in receiver.traces())
        await asyncio.sleep(0.05)
    spans = whole[0]
    names = {span.id: span.name for span in receiver.spans}
    of_it = [span for span in receiver.spans if span.trace == spans["turn"].trace]
    placed = {(span.name, span.program, names.get(span.parent, "")) for span in of_it}
    assert {(name, *where) for name, where in PARTS.items()} <= placed
    first = spans["turn"]
    assert first.facts["turn"] == first.trace
    assert first.began <= spans["bot.turn"].began <= spans["bot.turn"].ended <= first.ended
    assert spans["delivery"].facts["status"] == "sent"


async def tells_the_state_of_an_order(fake: FakeTelegram, person: TelegramPerson) -> None:
    """The form asks for a proof, is left for another question, and comes back; a wrong value is said to be one."""
    person.writes("Wo ist LH-2024-88317?")
    await reads(fake, person, "Postleitzahl")
    person.writes("was kostet der versand?")
    await reads(fake, person, "4,95 €")
    person.writes("79098")
    await reads(fake, person, "LH-2024-88317 ist unterwegs")


async def agrees_a_call(fake: FakeTelegram, person: TelegramPerson) -> None:
    person.writes("Können Sie mich bitte zurückrufen?")
    await reads(fake, person, "Tag und Uhrzeit")
    person.writes("übermorgen um 10")
    await reads(fake, person, "Nummer")
    person.writes("nein, lieber um 11")
    await reads(fake, person, "11 bis 12 Uhr")
    person.writes("0170 1234567")
    await reads(fake, person, "Abgemacht: Wir rufen Sie am")


async def offered(fake: FakeTelegram, person: TelegramPerson) -> tuple[SentMessage, str]:
    """The newest message with a choice under it, and the first of its choices."""
    deadline = time.monotonic() + PATIENCE
    while True:
        for message in reversed(fake.state.sent_to(person.id)):
            for row in message.keyboard:
                if "callback_data" in row[0]:
                    return message, row[0]["text"]
        assert time.monotonic() < deadline, "nobody offered a choice"
        await asyncio.sleep(0.05)


async def ticked(message: SentMessage, title: str) -> None:
    """Only the choice that was made is left."""
    deadline = time.monotonic() + PATIENCE
    while title not in message.titles():
        assert time.monotonic() < deadline, f"still offered: {message.titles()}"
        await asyncio.sleep(0.05)
