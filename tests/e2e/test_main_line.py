"""From a question in the browser to a person who answers: the whole installation, as people meet it."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE, ChatCustomer, Staff, picture
from tests.services import PostgresServer, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(420)]

DELIVERY = re.compile("Sendungsverfolgung")
RETURNS = re.compile("register the return", re.IGNORECASE)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    if request.param == "sqlite":
        with installed(request.getfixturevalue("sample_home")) as found:
            yield found
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url, installed(tmp_path_factory.mktemp("home"), url) as found:
        yield found


async def test_a_customer_asks_the_bot_answers_a_person_takes_over(
    installation: Installation, browser: Browser
) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    customer = await ChatCustomer.arrive(browser, installation.origin)
    customer.page.on("console", note)
    await customer.sees("kein Mensch")
    await picture(customer.page, "1-greeting")

    await customer.write("wo bleibt mein paket")
    await customer.sees(DELIVERY)
    await expect(customer.chat.get_by_role("button", name="Hat geholfen")).to_be_visible()
    await picture(customer.page, "2-answer")
    await customer.chat.get_by_role("button", name="Hat geholfen").click()

    await customer.write("Liefern Sie nach Frankreich?")
    await customer.sees("Kurze Antwort")
    await expect(customer.log.locator("blockquote").last).to_contain_text("für andere Länder")
    await expect(customer.log.locator("details").last).not_to_have_attribute("open", "")
    await customer.write("how do I return something")
    await customer.sees(RETURNS)
    await picture(customer.page, "3-english")

    agent = await Staff.join(browser, installation.first_admin_link)
    agent.page.on("console", note)
    await change_an_answer(agent, customer)
    await agent.is_online()
    await customer.write("ich will mit einem menschen sprechen")
    await customer.sees(re.compile("an 1. Stelle"))
    await picture(customer.page, "4-waiting")

    await agent.open_first()
    await expect(agent.page.locator("#summary")).to_contain_text("Was kostet der Versand?")
    await expect(agent.page.locator("#summary")).to_contain_text("how do I return something")
    await expect(agent.page.locator("#why")).to_contain_text("ich will mit einem menschen sprechen")
    await picture(agent.page, "5-queue")
    await agent.do("accept")
    await customer.sees("Mia Weber ist jetzt für Sie da")
    await agent.answer("Guten Tag, ich bin Mia. **Ich schaue gleich nach.**")
    await customer.sees("Ich schaue gleich nach.")
    await expect(customer.log.locator("strong", has_text="Ich schaue gleich nach.")).to_be_visible()
    # Other words than before: only a line that the agent has on the screen counts as read when they close.
    await customer.write("es fehlt noch ein karton")
    await expect(agent.page.locator("#lines")).to_contain_text("es fehlt noch ein karton", timeout=PATIENCE)
    await picture(agent.page, "6-desk")
    await picture(customer.page, "7-person")

    await agent.do("resolve")
    await customer.sees("abgeschlossen")
    await customer.write("wie kann ich bezahlen")
    await customer.sees("PayPal")
    await expect(customer.chat.get_by_role("button", name="Hat geholfen").last).to_be_visible(timeout=PATIENCE)
    await picture(customer.page, "8-bot-again")
    assert complaints == []


async def change_an_answer(admin: Staff, customer: ChatCustomer) -> None:
    """What an admin publishes is what the next question gets, without training or restart."""
    await admin.page.goto(admin.page.url.replace("/desk", "/admin/articles/edit/delivery-cost"))
    await admin.page.locator("textarea[name=de-answer]").fill("Der Versand kostet diese Woche **nichts**.")
    await picture(admin.page, "9-article")
    await admin.page.locator("#publish").click()
    await expect(admin.page.locator("#article")).to_have_attribute("data-draft", "no", timeout=PATIENCE)
    await expect(admin.page.locator("#article-problem")).to_be_hidden()
    await admin.page.wait_for_timeout(1_000)  # live within a second is what is promised
    await customer.write("Was kostet der Versand?")
    await customer.sees("Der Versand kostet diese Woche nichts.")
    await admin.page.goto(re.sub(r"/admin.*", "/admin", admin.page.url))
    await picture(admin.page, "10-overview")
    await admin.page.goto(re.sub(r"/admin.*", "/desk", admin.page.url))


async def test_a_reload_shows_the_same_conversation(installation: Installation, browser: Browser) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin)
    await customer.write("wo bleibt mein paket")
    await customer.sees(DELIVERY)
    await customer.page.reload()

    await customer.sees("wo bleibt mein paket")
    await customer.sees(DELIVERY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_open_chat_has_no_fault_that_axe_finds(
    installation: Installation, browser: Browser, scheme: str
) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin, color_scheme=scheme)
    await customer.write("wo bleibt mein paket")
    await expect(customer.chat.get_by_role("button", name="Hat geholfen")).to_be_visible(timeout=PATIENCE)

    found = await Axe().run(customer.page)
    assert found.violations_count == 0, found.generate_report()


async def test_nobody_online_means_an_address_can_be_left(installation: Installation, browser: Browser) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin, language="en")
    await customer.write("I want to talk to a human please")
    await customer.sees(re.compile("Nobody is on duty|number 1 in the queue"))
    if await customer.chat.locator(".email").is_visible():
        await customer.chat.locator(".email input").fill("ida@example.org")
        await customer.chat.locator(".email button").click()
        await customer.sees("ida@example.org")


async def test_f32_f37_a_killed_bot_means_an_answer_or_a_person_and_comes_back(
    installation: Installation, browser: Browser
) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin)
    assert _kill_bot(installation)
    await customer.write("wo bleibt mein paket")
    await expect(customer.log).to_contain_text(re.compile("Sendungsverfolgung|nicht verloren"), timeout=10_000)

    wait_until(installation.is_ready, "the bot to be back", 60)
    again = await ChatCustomer.arrive(browser, installation.origin)
    await again.write("wer bist du eigentlich, ein mensch?")
    await expect(again.log.locator("> *").nth(2)).to_be_visible(timeout=PATIENCE)


def _kill_bot(installation: Installation) -> bool:
    found = subprocess.run(["pgrep", "-f", "bot.launch run"], capture_output=True, text=True, check=False)
    mine = [pid for pid in map(int, found.stdout.split()) if _home_of(pid) == str(installation.home)]
    for pid in mine:
        os.kill(pid, signal.SIGKILL)
    return bool(mine)


def _home_of(pid: int) -> str:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((item[13:].decode() for item in environment if item.startswith(b"STAFFEL_HOME=")), "")
