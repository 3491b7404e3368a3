"""The main line on Slack: question, answer, person, agent, and back, with the real SDK and the real Rasa.

The installation has no public address, so everything comes through Socket Mode.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE as SEEN_WITHIN
from tests.e2e.people import Staff, picture
from tests.fakes.slack import FakeSlack, SlackPerson, SlackPost, slack
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(420)]

PORT = free_port()
PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home, STAFFEL_SLACK_API_URL=f"http://127.0.0.1:{PORT}/api/") as found:
        yield found


async def reads(fake: FakeSlack, person: SlackPerson, words: str) -> SlackPost:
    """The newest post to this person that holds `words`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        posts = [post for post in fake.state.posts if post.channel == person.dm]
        for post in reversed(posts):
            if words in post.text:
                return post
        shown = "\n".join(post.text for post in posts)
        assert time.monotonic() < deadline, f"'{words}' didn't come; what came:\n{shown}"
        await asyncio.sleep(0.05)


async def offers(fake: FakeSlack, person: SlackPerson, title: str) -> SlackPost:
    """The newest post to this person with this button."""
    deadline = time.monotonic() + PATIENCE
    while True:
        for post in reversed(fake.state.posts):
            titles = [
                element["text"]["text"]
                for block in post.blocks
                if block["type"] == "actions"
                for element in block["elements"]
            ]
            if post.channel == person.dm and title in titles:
                return post
        assert time.monotonic() < deadline, f"no button '{title}'"
        await asyncio.sleep(0.05)


async def connected(fake: FakeSlack) -> None:
    """Until the installation has opened its socket."""
    async with asyncio.timeout(PATIENCE):
        while not fake.sockets:
            await asyncio.sleep(0.05)


async def test_the_main_line_on_slack(installation: Installation, browser: Browser) -> None:
    async with slack(port=PORT, scale=1) as fake:
        began = time.monotonic()
        secrets = ("--bot-token", fake.state.bot_token, "--app-token", fake.state.app_token)
        ran = await asyncio.to_thread(installation.run, "connect", "slack", "--no-test", *secrets)
        assert ran.returncode == 0, ran.stderr.decode()
        await connected(fake)
        ida = fake.state.person(name="Ida Muster")
        await fake.write(ida, "wo bleibt mein paket")
        await reads(fake, ida, "kein Mensch")
        await reads(fake, ida, "Sendungsverfolgung")
        print(f"from pasted tokens to the first answer: {time.monotonic() - began:.1f} s")  # noqa: T201

        asked = await offers(fake, ida, "Hat geholfen")
        await fake.press(ida, asked, "Hat geholfen")
        agent = await Staff.join(browser, installation.first_admin_link)
        await agent.is_online()
        await fake.write(ida, "ich will mit einem menschen sprechen")
        await reads(fake, ida, "an 1. Stelle")
        assert all(block["type"] != "actions" for block in asked.blocks)

        await agent.open_first()
        await agent.do("accept")
        await reads(fake, ida, "jetzt für Sie da")
        await agent.answer("Guten Tag, ich bin Mia. **Ich schaue gleich nach.**")
        shown = await reads(fake, ida, "Ich schaue gleich nach.")
        assert "*Ich schaue gleich nach.*" in shown.text
        await fake.write(ida, "Danke, Mia!")
        await expect(agent.page.locator("#lines")).to_contain_text("Danke, Mia!", timeout=SEEN_WITHIN)
        await picture(agent.page, "slack-desk")

        await agent.do("resolve")
        await reads(fake, ida, "abgeschlossen")
        await fake.disconnect()
        await fake.write(ida, "wie kann ich bezahlen")
        await reads(fake, ida, "PayPal")
        await tells_the_state_of_an_order(fake, ida)
        await agrees_a_call(fake, ida)
        assert fake.state.too_fast == []

        examined = await asyncio.to_thread(installation.run, "doctor")
        report = examined.stdout.decode()
        assert "token good, all permissions there" in report
        assert "Slack opens a connection" in report


async def tells_the_state_of_an_order(fake: FakeSlack, person: SlackPerson) -> None:
    """The form asks for a proof before it tells anything."""
    await fake.write(person, "Wo ist LH-2024-88317?")
    await reads(fake, person, "Postleitzahl")
    await fake.write(person, "79098")
    await reads(fake, person, "LH-2024-88317 ist unterwegs")


async def agrees_a_call(fake: FakeSlack, person: SlackPerson) -> None:
    await fake.write(person, "Können Sie mich bitte zurückrufen?")
    await reads(fake, person, "Tag und Uhrzeit")
    await fake.write(person, "übermorgen um 10")
    await reads(fake, person, "Nummer")
    await fake.write(person, "0170 1234567")
    await reads(fake, person, "Abgemacht: Wir rufen Sie am")
