"""What the server said before is not believed after what it said since: answers that overtake one another."""

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations, ownership
from helpdesk.conversations.blocking import block_contact
from helpdesk.conversations.snooze import snooze
from store.models import Agent, Availability, Conversation, Message, MessageKind, Role, now
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import held_up, window

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(autouse=True)
async def mia(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)


async def write(conversations: Conversations, chat_id: str, text: str) -> None:
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    await drive(conversations).receive(
        InboundMessage(address=address, contact_id=chat_id, external_id=text, text=text, contact_name="Anna")
    )


async def open_conversation(page: "Page", conversation: str) -> None:
    await page.goto(f"/desk?view=open&conversation={conversation}")
    await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")


async def test_an_answer_from_before_accepting_makes_no_note_of_what_is_written_after(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        news = re.compile(rf"/desk/api/conversations/{conversation}\?after=")
        async with held_up(page, news.pattern) as made:
            await write(conversations, "anna", "Hallo?")
            await made.wait()
            await page.route(news, lambda route: route.abort())
            await page.keyboard.press("a")
            await page.wait_for_selector("#text:focus:not([readonly])")
        await expect(page.locator("#lines")).to_contain_text("Hallo?")
        await page.keyboard.type("Ich sehe nach.")
        await page.keyboard.press("Enter")
        await page.unroute(news)
        await write(conversations, "anna", "Sind Sie da?")
        await expect(page.locator("#lines")).to_contain_text("Ich sehe nach.")
    async with house.db.read() as session:
        kinds = await session.scalars(select(Message.kind).where(Message.text == "Ich sehe nach."))
        assert kinds.all() == [MessageKind.OUTGOING]


async def test_an_answer_from_before_the_draft_was_saved_takes_no_word_of_it(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    await drive(conversations).accept(conversation, (await agent_by_email(house.db, "mia@example.org")).id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        async with held_up(page, rf"/desk/api/conversations/{conversation}\?after=") as made:
            await write(conversations, "anna", "Hallo?")
            await made.wait()
            async with page.expect_response(re.compile("/draft$")):
                await page.fill("#text", "Ich sehe")
        await expect(page.locator("#lines")).to_contain_text("Hallo?")
        assert await page.input_value("#text") == "Ich sehe"


@pytest.mark.parametrize("is_open", [False, True], ids=["another", "the same"])
async def test_what_is_written_while_a_conversation_loads_is_shown_with_it(
    house: House, conversations: Conversations, browser: "Browser", *, is_open: bool
) -> None:
    """The server was asked before the customer wrote, and tells nobody a second time that they did."""
    one = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    other = one if is_open else await waiting(conversations, "Hallo zusammen", chat_id="ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, other)
        async with held_up(page, rf"/desk/api/conversations/{one}$") as made:
            await page.click(f'#list [data-id="{one}"] button')
            await made.wait()
            await write(conversations, "anna", "Es eilt!")
            await asyncio.sleep(1)  # the page has heard of it
        await expect(page.locator("#lines")).to_contain_text("Es eilt!")
        assert page.url.endswith(one)


async def test_a_board_from_before_taking_over_does_not_give_it_back(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await add_agent(house.db, "ada@example.org", "Ada", Role.SUPERVISOR, password=PASSWORD)
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    await drive(conversations).accept(conversation, (await agent_by_email(house.db, "mia@example.org")).id)
    async with served(house) as address, window(browser, address, "ada@example.org") as page:
        await page.goto("/desk/live")
        mias = page.locator("#agents > li", has_text="Mia")
        await expect(mias.locator("[data-act=take-over]")).to_have_count(1)
        async with held_up(page, "/desk/api/live$") as made:
            await write(conversations, "anna", "Hallo?")
            await made.wait()
            await page.route(re.compile("/desk/api/live$"), lambda route: route.abort())
            await mias.locator("[data-act=take-over]").click()
            await expect(mias.locator(".has li")).to_have_count(0)
        await expect(mias.locator(".has li")).to_have_count(0)
        await expect(page.locator("#agents > li", has_text="Ada").locator(".has li")).to_have_count(1)


async def test_an_availability_that_the_server_did_not_take_is_not_shown(house: House, browser: "Browser") -> None:
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/desk")
        is_online = page.locator("#availability input[value=online]")
        await expect(is_online).to_be_checked()
        await page.route(re.compile("/availability$"), lambda route: route.abort())
        await page.click("#availability label.paused")
        await expect(page.locator("#problem")).not_to_be_empty()
        await expect(is_online).to_be_checked()


async def test_a_list_from_before_takes_nobody_off_the_list_of_now(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/desk?view=queue")
        cards = page.locator("#list [data-id]")
        await expect(cards).to_have_count(1)
        async with held_up(page, r"/desk/api/conversations\?") as made:
            await waiting(conversations, "Mein Tisch wackelt", chat_id="ben")
            await made.wait()
            await waiting(conversations, "Wann haben Sie offen?", chat_id="cem")
            await expect(cards).to_have_count(3)
        await expect(cards).to_have_count(3)
        await expect(page).to_have_title(re.compile(r"^\(3\)"))


async def test_keys_work_on_while_the_same_conversation_is_fetched_again(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        async with held_up(page, rf"/desk/api/conversations/{conversation}$") as made:
            await page.click(f'#list [data-id="{conversation}"] button')
            await made.wait()
            await page.keyboard.press("n")
            await expect(page.locator("#text")).to_be_focused()
            await page.keyboard.type("Für uns")
        await expect(page.locator("#text")).to_have_value("Für uns")
    async with house.db.read() as session:
        assert (await session.get_one(Conversation, conversation)).agent_id is None
        assert not (await session.scalars(select(Message.id).where(Message.author == Author.AGENT))).all()


async def test_a_resolution_that_is_answered_late_holds_up_nobody_in_the_next_conversation(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """Everything works in the next conversation meanwhile, and what comes late is of the one that it was meant for."""
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        given_up: list[str] = []  # a call that waited longer than the page does lets one go on, too
        page.on("requestfailed", lambda request: given_up.append(request.url))
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{one}/resolve$") as made:
            await page.keyboard.press("e")
            await made.wait()
            await expect(page.locator("[data-do=resolve]")).to_be_disabled()
            await page.keyboard.press("e")
            await choose(page, other)
            await expect(page.locator("[data-do=resolve]")).to_be_enabled()
            await page.locator("#who").focus()
            await page.keyboard.press("r")
            await page.keyboard.type("Für Ben")
            await page.keyboard.press("Enter")
            await expect(page.locator("#lines")).to_contain_text("Für Ben")
            await page.keyboard.type("Und noch etwas")
            assert given_up == []
        await expect(page.locator("#text")).to_have_value("Und noch etwas")
        await expect(page.locator("#text")).to_be_editable()
        assert page.url.endswith(other)
    assert [await status_of(house, each) for each in (one, other)] == [Status.RESOLVED, Status.ASSIGNED]


async def test_a_refusal_that_comes_late_names_the_conversation_that_it_is_about(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.route(re.compile(r"\?after="), lambda route: route.abort())  # what is new isn't read
        await open_conversation(page, one)
        await write(conversations, "anna", "Halt, noch etwas!")
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{one}/resolve$") as made:
            await page.keyboard.press("e")
            await made.wait()
            await choose(page, other)
        await expect(page.locator("#problem")).to_contain_text(re.compile(r"^Anna.*gerade"))
    assert await status_of(house, one) is Status.ASSIGNED


async def test_what_is_typed_before_an_accepted_conversation_is_there_goes_into_the_answer(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """With letters that would resolve, decline, hand on and insert, had they been taken for shortcuts."""
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{conversation}/accept$") as made:
            await page.keyboard.press("a")
            await made.wait()
            await page.keyboard.type("Ja, exakt 123: tuxx")
            await page.keyboard.press("Backspace")
            await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("Ja, exakt 123: tux")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("e")
        await expect(page.locator("#text")).to_have_value("Ja, exakt 123: tuxe")
        assert await page.locator("dialog[open]").count() == 0
    assert await status_of(house, conversation) is Status.ASSIGNED
    assert await said_by_agents(house) == []


async def test_what_opens_something_is_done_once_a_decision_has_ended_and_what_acts_is_not(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        await page.locator("#who").focus()
        snooze = rf"/desk/api/conversations/{one}/snooze$"
        async with held_up(page, snooze) as made:
            await put_off(page)
            await made.wait()
            await page.keyboard.type("nBitte warten")
        await expect(page.locator("#text")).to_have_value("Bitte warten")
        await page.keyboard.press("Escape")
        async with held_up(page, rf"/desk/api/conversations/{one}/wake$") as made:
            await page.keyboard.press("z")
            await made.wait()
            await page.keyboard.type("ex1")
        await expect(page.locator("#more")).to_be_visible()
        await expect(page.locator("[data-do=resolve]")).to_be_enabled()
        assert await page.locator("dialog[open]").count() == 0

        asked, goes_on = asyncio.Event(), asyncio.Event()

        async def fail(route: "Route") -> None:
            asked.set()
            await goes_on.wait()
            await route.abort()

        await page.route(re.compile(snooze), fail)
        await put_off(page)
        await asked.wait()
        await page.keyboard.type("r")
        goes_on.set()
        await expect(page.locator("#problem")).to_be_visible()
        await expect(page.locator("#text")).not_to_be_focused()
    assert [await status_of(house, each) for each in (one, other)] == [Status.ASSIGNED] * 2


async def put_off(page: "Page") -> None:
    await page.keyboard.press("z")
    await expect(page.locator("#snooze-dialog")).to_be_visible()
    await page.click("[data-later=tomorrow]")


async def owned(house: House, conversations: Conversations, *names: str, by: str = "mia") -> list[str]:
    """Conversations of an agent's in which the customers have had an answer."""
    mia, found = (await agent_by_email(house.db, f"{by}@example.org")).id, []
    for name in names:
        conversation = await waiting(conversations, f"Frage von {name}", chat_id=name)
        await write(conversations, name, f"{name} fragt")
        epoch = (await drive(conversations).accept(conversation, mia)).epoch
        await drive(conversations).answer(conversation, mia, epoch, "Kommt.", f"first-{name}")
        found.append(conversation)
    return found


async def press_in_list(page: "Page", conversation: str) -> None:
    await page.evaluate(f"""document.querySelector('#list [data-id="{conversation}"] button').click()""")


async def choose(page: "Page", conversation: str) -> None:
    await press_in_list(page, conversation)
    await expect(page.locator(f'#list [data-id="{conversation}"] [aria-current=true]')).to_have_count(1)
    await expect(page.locator("#text")).to_be_editable()


async def status_of(house: House, conversation: str) -> Status:
    async with house.db.read() as session:
        return (await session.get_one(Conversation, conversation)).status


async def said_by_agents(house: House) -> list[str]:
    async with house.db.read() as session:
        return list(await session.scalars(select(Message.text).where(Message.author == Author.AGENT)))


@pytest.mark.parametrize("is_there", [True, False], ids=["shown", "coming"])
async def test_a_refusal_of_any_action_that_comes_late_names_its_conversation_and_touches_no_other(
    house: House, conversations: Conversations, browser: "Browser", is_there: bool
) -> None:
    """Every action is refused only when another conversation is on the screen, with a dialog of its own open; or while
    the other one is still on its way."""
    subjects, other = await prepare_for_every_action(house, conversations)
    async with served(house) as address, window(browser, address, "sue@example.org", locale="de-DE") as page:
        await open_conversation(page, other)
        await page.route(re.compile(r"/macros$"), lambda route: route.fulfill(json={"macros": [MACRO]}))
        for verb, (keys, places, fields) in ACTIONS.items():
            mine = subjects.get(verb, subjects[""])
            await (open_conversation if verb in CLOSED else choose)(page, mine)
            asked, goes_on = asyncio.Event(), asyncio.Event()
            late = refuse_late(asked, goes_on)
            await page.route(re.compile(rf"/conversations/{mine}/{verb}$"), late, times=1)
            await page.locator("#who").focus()
            for key in keys:
                await page.keyboard.press(key)
                if key == "t":
                    await expect(page.locator("#transfer-chosen")).to_contain_text("Jo")
                if key == "m":
                    await expect(page.locator("#macro-entries [role=option]")).to_have_count(1)
            for place in places[:-1]:
                await page.click(place)
            for field, words in fields.items():
                await page.fill(field, words)
            for place in places[-1:]:
                await page.click(place)
            await asyncio.wait_for(asked.wait(), 20)
            if is_there:
                await choose(page, other)
                await page.locator("#who").focus()
                await page.keyboard.press("z")
                await expect(page.locator("#snooze-dialog")).to_be_visible()
                goes_on.set()
                await expect(page.locator("#problem")).to_have_text(re.compile(r"^Anna: .*Das ging nicht\.$"))
                await expect(page.locator("#snooze-dialog")).to_be_visible()
                await page.keyboard.press("Escape")
            else:
                async with held_up(page, rf"/conversations/{other}$") as made:
                    await press_in_list(page, other)
                    await made.wait()
                    goes_on.set()
                    await expect(page.locator("#problem")).to_have_text(re.compile(r"^Anna: .*Das ging nicht\.$"))
                await expect(page.locator("#text")).to_be_editable()
                await expect(page.locator("#problem")).to_have_text(re.compile(r"^Anna: "))
            assert page.url.endswith(other), verb
            for notice in ("contact", "tag", "promise", "mask"):
                await expect(page.locator(f"#{notice}-problem")).to_be_hidden()
    assert await status_of(house, other) is Status.ASSIGNED


async def prepare_for_every_action(house: House, conversations: Conversations) -> tuple[dict[str, str], str]:
    """Conversations by the action that they are in the right state for ("" for most), and one beside them. Sue's."""
    ids = {}
    for name, role in (("Sue", Role.SUPERVISOR), ("Jo", Role.AGENT)):
        added = await add_agent(house.db, f"{name.lower()}@example.org", name, role, password=PASSWORD)
        ids[name] = added.id
    async with house.db.write() as session:
        await session.execute(update(Agent).values(availability=Availability.ONLINE, last_seen_at=now()))
    [theirs] = await owned(house, conversations, "cem")
    names = ["anna", "dora", "emil", "finn", "gerd", "ben"]
    mine, offered, closed, later, blocked, other = await owned(house, conversations, *names, by="sue")
    async with conversations.open(offered) as c:
        await ownership.transfer(c, ids["Sue"], ids["Jo"], None)
    await drive(conversations).resolve(closed, ids["Sue"])
    async with conversations.open(later) as c:
        await snooze(c, ids["Sue"], now() + timedelta(days=1))
    async with conversations.open(blocked) as c:
        await block_contact(c, ids["Sue"], "Werbung")
    found = {"recall": offered, "reopen": closed, "wake": later, "unblock": blocked, "whisper": theirs}
    return {"": mine, **found}, other


def refuse_late(asked: asyncio.Event, goes_on: asyncio.Event) -> "Callable[[Route], Awaitable[None]]":
    async def refuse(route: "Route") -> None:
        asked.set()
        await goes_on.wait()
        await route.fulfill(status=409, json={"error": {"code": "conflict", "message": "Das ging nicht."}})

    return refuse


#: What is done with conversations that are in no list of open ones.
CLOSED = {"reopen", "unblock"}
#: One that would do something.
MACRO: dict[str, object] = {
    **{"id": "m1", "name": "Merken", "revision": 1, "team": None, "is_own": True},
    "steps": [{"kind": "note", "text": "Merken", "gaps": [], "problem": None}],
}
#: What is pressed, clicked and filled in for each action.
ACTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]] = {
    "transfer": (("t", "Enter"), (), {}),
    "return": ((), ("#more summary", "[data-do=return]", "#return-form .primary"), {}),
    "release": ((), ("#more summary", "[data-do=release]"), {}),
    "snooze": (("z",), ("[data-later=tomorrow]",), {}),
    "promises": (("p",), ("[data-quick=hour]", "#promise-form .primary"), {"#promise-form [name=what]": "Rückruf"}),
    "tags": (("#", "x", "Enter"), (), {}),
    "important": ((), ("#important",), {}),
    "whisper": ((), ("[data-do=whisper]", "#whisper-form .primary"), {"#whisper-form [name=text]": "Psst"}),
    "recall": ((), ("#recall",), {}),
    "reopen": ((), ("[data-do=reopen]",), {}),
    "wake": (("z",), (), {}),
    "block": ((), ("#contact-block", "#block-form button.danger"), {"#block-form [name=reason]": "Werbung"}),
    "unblock": ((), ("#contact-unblock",), {}),
    "macros/[^/]+": (("m", "Enter"), (), {}),
    "messages": (("r", "J", "a", "Enter"), (), {}),
    "notes": (("n", "J", "a", "Enter"), (), {}),
}


async def test_handing_on_with_a_note_is_done_for_whoever_goes_on_before_the_note_is_stored(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await add_agent(house.db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    one, other = await owned(house, conversations, "anna", "ben")
    async with house.db.write() as session:
        await session.execute(update(Agent).values(availability=Availability.ONLINE, last_seen_at=now()))
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        await page.locator("#who").focus()
        await page.keyboard.press("t")
        await expect(page.locator("#transfer-chosen")).to_contain_text("Jo")
        await page.keyboard.type("Eilt")
        async with (
            page.expect_response(re.compile(rf"/conversations/{one}/transfer$")) as answered,
            held_up(page, rf"/conversations/{one}/notes$") as made,
        ):
            await page.keyboard.press("Enter")
            await made.wait()
            await choose(page, other)
        assert (await answered.value).status == 200
    assert await said_by_agents(house) == ["Kommt.", "Kommt.", "Eilt"]
