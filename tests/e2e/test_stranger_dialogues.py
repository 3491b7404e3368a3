"""Ten of the stranger's conversations on the three channels: six in a browser, two on Telegram, two on Slack.

Each message has a visible effect. With STAFFEL_TEST_PICTURES=folder the screens are kept, and what the bot's servers
were sent as text.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser

from benchmarks.dialogues.message_set import load_conversations
from tests.e2e.installation import Installation, installed
from tests.e2e.people import PICTURES, ChatCustomer, picture
from tests.fakes.slack import slack
from tests.fakes.telegram import telegram
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(900)]

TEXTS = {conversation[0].conversation: [each.say for each in conversation] for conversation in load_conversations()}
ON_WEB_CHAT = ("de04", "de15", "de19", "de23", "en16", "en22")
ON_TELEGRAM = ("de11", "en24")
ON_SLACK = ("de38", "en36")
TELEGRAM_PORT, SLACK_PORT = free_port(), free_port()
PATIENCE = 60.0  # seconds
NARROW = {"width": 420, "height": 1500}


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(
        sample_home,
        STAFFEL_TELEGRAM_API_URL=f"http://127.0.0.1:{TELEGRAM_PORT}",
        STAFFEL_SLACK_API_URL=f"http://127.0.0.1:{SLACK_PORT}/api/",
    ) as found:
        yield found


@pytest.mark.parametrize("name", ON_WEB_CHAT)
async def test_on_the_web_chat(installation: Installation, browser: Browser, name: str) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin, language=name[:2], viewport=NARROW)
    bubbles = customer.log.locator(".bubble")
    for text in TEXTS[name]:
        before = await bubbles.count()
        await customer.write(text)
        await bubbles.nth(before + 1).wait_for(timeout=PATIENCE * 1000)  # their own, and an answer to it
        await customer.page.wait_for_timeout(1_000)  # what an answer brings along has come too
    await picture(customer.page, f"stranger-{name}")
    await customer.page.context.close()


async def test_on_telegram(installation: Installation) -> None:
    async with telegram(port=TELEGRAM_PORT, scale=1) as fake:
        connect = ("connect", "telegram", "--token-stdin", "--no-test")
        ran = await asyncio.to_thread(installation.run, *connect, given=fake.state.token.encode())
        assert ran.returncode == 0, ran.stderr.decode()
        for name in ON_TELEGRAM:
            person = fake.person("Ida", language=name[:2])

            def posts(chat: int = person.id) -> list[str]:
                return [_shown(post.text, post.titles()) for post in fake.state.sent_to(chat)]

            lines: list[str] = []
            person.writes("/start")
            await _answer(posts, lines)
            for text in TEXTS[name]:
                person.writes(text)
                lines.append(f"> {text}")
                await _answer(posts, lines)
            _keep(f"stranger-{name}-telegram", lines)


async def test_on_slack(installation: Installation) -> None:
    async with slack(port=SLACK_PORT, scale=1) as fake:
        tokens = ("--bot-token", fake.state.bot_token, "--app-token", fake.state.app_token)
        ran = await asyncio.to_thread(installation.run, "connect", "slack", "--no-test", *tokens)
        assert ran.returncode == 0, ran.stderr.decode()
        async with asyncio.timeout(PATIENCE):
            while not fake.sockets:
                await asyncio.sleep(0.05)
        for name in ON_SLACK:
            person = fake.state.person(name="Ida Muster")

            def posts(channel: str = person.dm) -> list[str]:
                return [
                    _shown(post.text, _buttons(post.blocks)) for post in fake.state.posts if post.channel == channel
                ]

            lines: list[str] = []
            for text in TEXTS[name]:
                await fake.write(person, text)
                lines.append(f"> {text}")
                await _answer(posts, lines, new=1 if len(lines) > 1 else 2)  # the bot introduces itself first
            _keep(f"stranger-{name}-slack", lines)


async def _answer(posts: Callable[[], Sequence[str]], lines: list[str], *, new: int = 1) -> None:
    """Wait for `new` posts, and two seconds for what they bring along; note them in `lines`."""
    known = sum(not line.startswith("> ") for line in lines)
    deadline = time.monotonic() + PATIENCE
    while len(posts()) < known + new:
        assert time.monotonic() < deadline, f"nothing after {lines[-1:]}"
        await asyncio.sleep(0.05)
    await asyncio.sleep(2)
    lines += posts()[known:]


def _shown(text: str, buttons: Sequence[str]) -> str:
    return "\n".join([text, *([" ".join(f"[{title}]" for title in buttons)] if buttons else [])])


def _buttons(blocks: Sequence[dict[str, object]]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        elements = block.get("elements")
        if block["type"] == "actions" and isinstance(elements, list):
            found += [element["text"]["text"] for element in elements if "text" in element]
    return found


def _keep(name: str, lines: Sequence[str]) -> None:
    if PICTURES:
        Path(PICTURES, f"{name}.txt").write_text("\n\n".join(lines) + "\n", "utf-8")
