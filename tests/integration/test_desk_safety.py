"""Nothing goes wrong by accident: two agents in a real browser who type, switch, undo and hand over."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations, ownership
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.transfer_offers import recall_transfer
from helpdesk.delivery.held_actions import HELD_LIMITS, HeldActionQueue
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.privacy.erasure import erase_contact
from store.db import Database
from store.lease_worker import LeaseWorker
from store.models import Conversation, Message, Role
from store.settings import Settings
from store.status import Status
from store.write_feed import deleted
from tests.conversation_driver import drive
from tests.harness import eventually
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, agent_by_email, make_house, served, staff_routes
from tests.integration.staff_windows import check, held_up, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

UNDO_SECONDS = 4.0
DELAY_SECONDS = 3.0
#: The keys and clicks that open each dialog, the dialog, and the field in which something is typed.
DIALOGS = {
    "return": (("#more summary", "[data-do=return]"), "#return-dialog", "#return-form [name=note]"),
    "transfer": (("#more summary", "[data-do=transfer]"), "#transfer-dialog", "#transfer-note"),
    "merge": (("#contact-merge",), "#merge-dialog", "#merge-words"),
    "block": (("#contact-block",), "#block-dialog", "#block-form [name=reason]"),
    "reply": (("#text", "#replies-open", "#replies .reply-foot button"), "#reply-dialog", "#reply-form [name=title]"),
}
FORMS = {
    "promise": ("#promise-new", "#promise-form [name=what]"),
    "contact": ("#contact-edit", "#contact-form [name=note]"),
}


@pytest.fixture
def conversations(db: Database, live: ChangeHints) -> Conversations:
    return Conversations(db, live, Settings(_env_file=None, undo_seconds=UNDO_SECONDS))


@pytest.fixture
async def house(db: Database, live: ChangeHints, conversations: Conversations) -> AsyncIterator[House]:
    """The pages, with what does held actions beside them."""
    await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    worker = LeaseWorker(HeldActionQueue(conversations), HELD_LIMITS)
    with (
        db.feed.listening_for_due("held_actions", worker.wake),
        db.feed.listening((deleted("conversations"),), live.tell_erasure),
    ):
        task = asyncio.create_task(worker.run())
        yield make_house(db, lambda pages, guard: staff_routes(db, pages, guard, live=live, undo_seconds=UNDO_SECONDS))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def owned(house: House, conversations: Conversations, *names: str, by: str = "mia") -> list[str]:
    me = (await agent_by_email(house.db, f"{by}@example.org")).id
    found = []
    for name in names:
        conversation = await waiting(conversations, f"Frage von {name}", chat_id=name)
        await drive(conversations).accept(conversation, me)
        found.append(conversation)
    return found


async def open_conversation(page: "Page", conversation: str) -> None:
    await page.goto(f"/desk?view=mine&conversation={conversation}")
    await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")


async def choose(page: "Page", conversation: str) -> None:
    await page.click(f'#list [data-id="{conversation}"] button')


async def is_shown(page: "Page", conversation: str) -> None:
    await expect(page.locator(f'#list [data-id="{conversation}"] [aria-current=true]')).to_have_count(1)
    await expect(page.locator("#text")).to_be_editable()


async def texts(house: House, conversation: str) -> list[str]:
    async with house.db.read() as session:
        return list(await session.scalars(select(Message.text).where(Message.conversation_id == conversation)))


async def test_no_dialog_or_form_outlives_its_conversation(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        for clicks, dialog, field in DIALOGS.values():

            async def fill(clicks: tuple[str, ...] = clicks, dialog: str = dialog, field: str = field) -> None:
                for place in clicks:
                    await page.click(place)
                await expect(page.locator(dialog)).to_be_visible()
                assert await page.input_value(field) == ""
                await page.fill(field, "nur für Anna")

            await fill()
            await page.keyboard.press("Escape")
            await expect(page.locator(dialog)).to_be_hidden()
            await fill()
            await page.click(f"{dialog} form[method=dialog] button")
            await fill()
            await page.evaluate(f"""document.querySelector('#list [data-id="{other}"] button').click()""")
            await is_shown(page, other)
            await expect(page.locator(dialog)).to_be_hidden()
            await fill()
            await page.reload()
            await page.wait_for_selector("#text:visible")
            await expect(page.locator(dialog)).to_be_hidden()
            await choose(page, one)
            await is_shown(page, one)
        for box, field in FORMS.values():
            await page.evaluate(f"document.querySelector('{box}').open = true")
            await page.fill(field, "nur für Anna")
            await choose(page, other)
            await is_shown(page, other)
            await page.evaluate(f"document.querySelector('{box}').open = true")
            await expect(page.locator(field)).to_have_value("")
            await choose(page, one)
            await is_shown(page, one)
        written = [text for each in (one, other) for text in await texts(house, each)]
        assert not [text for text in written if "nur für Anna" in text]


async def test_the_reason_for_resolving_is_chosen_anew_each_time(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        chosen, dialog = page.locator("#resolve-form :checked"), page.locator("#resolve-dialog")

        async def choose_reason() -> None:
            await page.click("[data-do=resolve]")
            await expect(dialog).to_be_visible()
            await expect(chosen).to_have_count(0)
            await page.check("#resolve-form [value=spam]")

        await choose_reason()
        await page.keyboard.press("Escape")
        await choose_reason()
        await page.click("#resolve-dialog form[method=dialog] button")
        await choose_reason()
        await page.evaluate(f"""document.querySelector('#list [data-id="{other}"] button').click()""")
        await is_shown(page, other)
        await expect(dialog).to_be_hidden()
        await expect(page.locator("#resolve-last")).not_to_contain_text("ben")
        await choose_reason()
        await page.reload()
        await page.wait_for_selector("#text:visible")
        await choose_reason()


async def test_no_action_that_ends_late_reaches_the_conversation_shown_by_then(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """Every action of the first conversation is answered only when the second one is on the screen."""
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        shown = asyncio.Event()

        async def late(route: "Route") -> None:
            await shown.wait()
            await route.continue_()

        await page.route(re.compile(f"/desk/api/(agents$|conversations/{one}/(tags|contact|contacts))"), late)

        async def meanwhile(what: str) -> None:
            """Switch, let the first one's action end, and be back."""
            await page.evaluate(f"""document.querySelector('#list [data-id="{other}"] button').click()""")
            await is_shown(page, other)
            async with page.expect_response(re.compile(what)):
                shown.set()

        async def back() -> None:
            shown.clear()
            assert await page.locator("dialog[open]").count() == 0
            await page.evaluate(f"""document.querySelector('#list [data-id="{one}"] button').click()""")
            await is_shown(page, one)

        await page.click("#more summary")
        await page.click("[data-do=transfer]")
        await meanwhile("/agents$")
        await back()
        await page.locator("#tag-new").fill("nur-anna")
        await page.keyboard.press("Enter")
        await meanwhile(f"{one}/tags$")
        await expect(page.locator("#tags li")).to_have_count(0)
        await back()
        await page.click("#contact-merge")
        await page.locator("#merge-words").press_sequentially("a")
        async with page.expect_request(re.compile(f"{one}/contacts")):
            pass
        await meanwhile(f"{one}/contacts")
        await page.click("#contact-merge")
        await expect(page.locator("#merge-found > *")).to_have_count(0)
        await page.keyboard.press("Escape")
        await back()
        await page.evaluate("document.querySelector('#contact-edit').open = true")
        await page.fill("#contact-form [name=note]", "nur für Anna")
        await page.click("#contact-form .primary")
        await page.evaluate(f"""document.querySelector('#list [data-id="{other}"] button').click()""")
        await is_shown(page, other)
        await page.evaluate("document.querySelector('#contact-edit').open = true")
        await page.fill("#contact-form [name=note]", "für Ben")
        async with page.expect_response(re.compile(f"{one}/contact$")):
            shown.set()
        await expect(page.locator("#contact-form [name=note]")).to_have_value("für Ben")
        await page.keyboard.press("Escape")
        await back()


async def test_what_is_done_while_another_conversation_loads_reaches_neither(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        posts: list[str] = []
        page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
        await page.fill("#text", "für Anna")
        arrived = asyncio.Event()

        async def late(route: "Route") -> None:
            arrived.set()
            await asyncio.sleep(DELAY_SECONDS)
            await route.continue_()

        await page.route(re.compile(f"/desk/api/conversations/{other}$"), late)
        await expect(page.locator("#draft-state")).not_to_be_empty()
        await eventually(lambda: _has(posts, "/draft"), "the draft's first save")
        await choose(page, other)
        await arrived.wait()
        posts.clear()
        for key in ("e", "t", "p", "r", "n", "1", "u", "Enter", "x"):
            await page.keyboard.press(key)
        for place in ("#send", "[data-do=resolve]", "#more summary", "#preview-toggle"):
            await page.evaluate(f"document.querySelector('{place}').click()")
        await page.evaluate("document.querySelector('#text').focus()")
        await page.keyboard.type("verirrt")
        await page.keyboard.press("Enter")
        await is_shown(page, other)
        assert await page.input_value("#text") == ""
        assert await page.locator("dialog[open]").count() == 0
        ended = f"{one}/typing"  # that nobody types to Anna any more may be told meanwhile
        assert [post for post in posts if not post.endswith(("/seen", ended))] == []
        await choose(page, one)
        await is_shown(page, one)
        await expect(page.locator("#text")).to_have_value("für Anna")
    for each in (one, other):
        async with house.db.read() as session:
            assert (await session.get_one(Conversation, each)).status == Status.ASSIGNED


async def _has(urls: list[str], end: str) -> bool:
    return any(url.endswith(end) for url in urls)


async def test_an_answer_is_undone_by_key_and_survives_a_closed_window(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    (one,) = await owned(house, conversations, "anna")
    async with served(house) as address:
        async with window(browser, address, "mia@example.org", locale="de-DE") as page:
            await open_conversation(page, one)
            await page.fill("#text", "Zu früh abgeschickt")
            await page.press("#text", "Enter")
            await expect(page.locator(".held .bubble")).to_have_text("Zu früh abgeschickt")
            await page.press("#text", "Control+z")
            await expect(page.locator("#text")).to_have_value("Zu früh abgeschickt")
            await expect(page.locator(".held")).to_have_count(0)
            await page.fill("#text", "So ist es richtig")
            await page.press("#text", "Enter")
            await expect(page.locator(".held .bubble")).to_have_text("So ist es richtig")
            await check(page)
        await eventually(lambda: _sent(house, one, "So ist es richtig"), "the answer, though the window is closed")
        assert (await texts(house, one)).count("So ist es richtig") == 1
        assert "Zu früh abgeschickt" not in await texts(house, one)
        async with window(browser, address, "mia@example.org") as page:
            await open_conversation(page, one)
            await expect(page.locator("#text")).to_have_value("")
            await page.keyboard.press("Escape")
            await page.evaluate("document.activeElement.blur()")
            await page.keyboard.press("e")
            await expect(page.locator(".activity.held")).to_be_visible()
            await page.click(".activity.held .undo")
            await expect(page.locator(".held")).to_have_count(0)
            await page.evaluate("document.activeElement.blur()")
            await page.keyboard.press("e")
            await expect(page.locator("[data-do=reopen]")).to_be_visible(timeout=30_000)


async def test_what_was_undone_and_then_rubbed_out_does_not_come_back(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    (one,) = await owned(house, conversations, "anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        await page.fill("#text", "Zu früh abgeschickt")
        await page.press("#text", "Enter")
        await expect(page.locator(".held .bubble")).to_have_text("Zu früh abgeschickt")
        async with held_up(page, rf"/desk/api/conversations/{one}/work$") as made:
            await page.press("#text", "Control+z")
            await expect(page.locator("#text")).to_have_value("Zu früh abgeschickt")
            await made.wait()
            async with page.expect_response(re.compile("/draft$")):
                await page.fill("#text", "")
        await page.keyboard.type("Neu")
        await expect(page.locator("#text")).to_have_value("Neu")


async def _sent(house: House, conversation: str, text: str) -> bool:
    return text in await texts(house, conversation)


async def test_a_draft_is_the_same_in_two_windows_and_sent_once(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    (one,) = await owned(house, conversations, "anna")
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org") as here,
        window(browser, address, "mia@example.org") as there,
    ):
        for page in (here, there):
            await open_conversation(page, one)
            await page.wait_for_selector("#lost", state="hidden")
        await here.locator("#text").press_sequentially("Guten Tag, Anna")
        await expect(there.locator("#text")).to_have_value("Guten Tag, Anna")
        await expect(there.locator("#draft-state")).to_contain_text("anderen Fenster")
        await there.fill("#text", "Guten Tag, liebe Anna")
        await expect(here.locator("#text")).to_have_value("Guten Tag, liebe Anna")
        await asyncio.gather(here.press("#text", "Enter"), there.press("#text", "Enter"))
        for page in (here, there):
            await expect(page.locator(".held .bubble")).to_have_count(1)
            await expect(page.locator("#text")).to_have_value("")
        await eventually(lambda: _sent(house, one, "Guten Tag, liebe Anna"), "the answer")
        for page in (here, there):
            await expect(page.locator(".held")).to_have_count(0)
        assert (await texts(house, one)).count("Guten Tag, liebe Anna") == 1


async def test_a_transfer_is_called_back_declined_and_accepted(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    (one,) = await owned(house, conversations, "anna")
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org") as mia,
        window(browser, address, "jo@example.org", viewport={"width": 390, "height": 844}) as jo,
    ):
        await open_conversation(mia, one)
        await jo.goto("/desk")

        async def give() -> None:
            await mia.click("#more summary")
            await mia.click("[data-do=transfer]")
            receiver = mia.locator("#colleagues button", has_text="Jo")
            await expect(receiver).to_contain_text("0 von")
            await receiver.click()
            await expect(mia.locator("#state")).to_contain_text("Jo ist um Übernahme gebeten")
            await expect(jo.locator("#offers .because")).to_contain_text("Mia bittet Sie zu übernehmen")

        await give()
        await check(mia)
        await check(jo)
        await mia.click("#recall")
        await expect(jo.locator("#offers .offer")).to_have_count(0)
        await give()
        await jo.click("#offers [data-verb=decline]")
        await expect(mia.locator("#lines")).to_contain_text("Jo kann nicht übernehmen")
        await expect(mia.locator("#recall")).to_have_count(0)
        await give()
        await mia.fill("#text", "Jo hilft Ihnen weiter.")
        await mia.press("#text", "Enter")
        await expect(mia.locator(".held")).to_have_count(1)
        await jo.click("#offers [data-verb=accept]")
        await expect(jo.locator("#lines")).to_contain_text("Jo hilft Ihnen weiter.")
        await expect(mia.locator("#state")).to_contain_text("Jo")
        await expect(mia.locator(".held")).to_have_count(0)


async def test_a_refused_offer_names_whose_it_was(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """Its reason stands above another customer's name."""
    (one,), (other,) = await owned(house, conversations, "anna", by="jo"), await owned(house, conversations, "ben")
    jo = (await agent_by_email(house.db, "jo@example.org")).id
    mia = (await agent_by_email(house.db, "mia@example.org")).id
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, other)
        await page.wait_for_selector("#lost", state="hidden")
        async with conversations.open(one) as c:
            await ownership.transfer(c, jo, mia)
        await expect(page.locator("#offers .offer")).to_have_count(1)
        await page.route(re.compile(r"/desk/api/conversations\?"), lambda route: route.abort())
        async with conversations.open(one) as c:
            await recall_transfer(c, await load_agent(c.session, jo))
        await page.click("#offers [data-verb=decline]")
        await expect(page.locator("#problem")).to_have_text(re.compile(r"^Gast \d+: "))
        assert not (await page.inner_text("#problem")).startswith(await page.inner_text("#who"))


async def test_nothing_is_closed_with_an_answer_that_was_not_sent(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    (one,) = await owned(house, conversations, "anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        await page.press("#text", "Alt+Enter")  # there is no answer
        await page.fill("#text", "Hallo ⟨Vorname⟩")
        await page.press("#text", "Alt+Enter")
        await expect(page.locator("#problem")).to_contain_text("⟨Vorname⟩")
        await page.fill("#text", "Hallo Anna")
        await page.route(re.compile("/messages$"), lambda route: route.abort())
        await page.press("#text", "Alt+Enter")
        await expect(page.locator("#pending button", has_text="Noch einmal")).to_be_visible()
        await page.unroute(re.compile("/messages$"))  # nobody needs to press it: it is tried again by itself
        await expect(page.locator(".held .bubble")).to_have_text("Hallo Anna")
        await expect(page.locator(".activity.held")).to_have_count(0)
        await eventually(lambda: _sent(house, one, "Hallo Anna"), "the answer")
        await page.fill("#text", "Bis bald")
        await page.press("#text", "Alt+Enter")
        await expect(page.locator(".activity.held")).to_be_visible()
        await page.locator(".held:not(.activity) .undo").click()
        await expect(page.locator(".held")).to_have_count(0)
        await expect(page.locator("#text")).to_have_value("Bis bald")
    async with house.db.read() as session:
        assert (await session.get_one(Conversation, one)).status == Status.ASSIGNED
    assert "Hallo Anna" in await texts(house, one)


async def test_an_erased_customer_leaves_every_open_desk(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org") as mia,
        window(browser, address, "jo@example.org") as jo,
    ):
        for page in (mia, jo):
            await page.goto(f"/desk?view=open&conversation={one}")
            await page.wait_for_selector("#open:not([hidden])")
            await page.wait_for_selector("#lost", state="hidden")
        await mia.fill("#text", "über Anna")
        async with house.db.read() as session:
            contact = (await session.get_one(Conversation, one)).contact_id
        await erase_contact(house.db, contact)
        for page in (mia, jo):
            await expect(page.locator("#erased")).to_be_visible()
            await expect(page.locator(f'#list [data-id="{one}"]')).to_have_count(0)
            assert await page.locator("#open").is_hidden()
            assert "über Anna" not in await page.evaluate("JSON.stringify(localStorage)")
        await choose(mia, other)
        await is_shown(mia, other)
        assert await mia.locator("#erased").is_hidden()


async def test_a_supervisor_whispers_and_takes_over_on_the_desk(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await add_agent(house.db, "sue@example.org", "Sue", Role.SUPERVISOR, password=PASSWORD)
    (one,) = await owned(house, conversations, "anna")
    async with served(house) as address, window(browser, address, "sue@example.org") as page:
        await page.goto(f"/desk?view=open&conversation={one}")
        await page.click("[data-do=whisper]")
        await page.fill("#whisper-form [name=text]", "Biete einen Gutschein an.")
        await check(page)
        await page.click("#whisper-form button")
        await expect(page.locator("#lines .note")).to_contain_text("Biete einen Gutschein an.")
        await page.click("[data-do=take-over]")
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.locator("[data-do=take-over]")).to_be_hidden()
    async with house.db.read() as session:
        sue = (await agent_by_email(house.db, "sue@example.org")).id
        assert (await session.get_one(Conversation, one)).agent_id == sue
