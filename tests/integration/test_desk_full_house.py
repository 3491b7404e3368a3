"""Two agents, a supervisor and three customers at once, six browsers over one helpdesk: to each what is theirs."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.audit.audit_log import Actor
from helpdesk.macros.macro import MacroDraft, MacroStep, StepKind
from helpdesk.macros.macro_store import Keeper, Macros
from store.models import Agent, Availability, Conversation, Message, MessageKind, Role
from store.status import Status
from tests.e2e.people import ChatCustomer
from tests.fakes.bot import FakeBot
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

UNDO_SECONDS = 5.0
#: What each customer is about: no line of one stands anywhere with another.
THINGS = {"ida": "Lampe", "ben": "Teppich", "cem": "Wecker"}
#: What is for colleagues only.
INSIDE = ("Gutschein anbieten", "bitte übernehmen", "kurz drübersehen")
WISH = "Ich möchte mit einem Menschen sprechen"
#: What each customer reads after that, in order, from themselves and from people.
TALKS = {
    "ida": (
        "Die Lampe sehe ich mir an.",
        "Hier ist Jo, die Lampe tauschen wir.",
        "Die Lampe flackert auch.",
    ),
    "ben": ("Den Teppich sehe ich mir an.", "Der Teppich ist unterwegs."),
    "cem": ("Hier ist Ada, der Wecker kommt neu.",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An agent's page."""

    page: "Page"

    @property
    def lines(self) -> "Locator":
        return self.page.locator("#scroll")

    @property
    def text(self) -> "Locator":
        return self.page.locator("#text")

    async def arrive(self) -> None:
        await self.page.goto("/desk")
        await self.page.wait_for_selector("#availability input[value=online]:checked", state="attached")

    async def press(self, *keys: str) -> None:
        """Keys that are meant for the page, wherever the cursor stood."""
        await self.page.evaluate("document.activeElement.blur()")
        for key in keys:
            await self.page.keyboard.press(key)

    async def look_at(self, thing: str, view: str = "open") -> None:
        """Open the conversation about this from a list, and wait until it is there and no other."""
        await self.page.click(f".views button[data-view={view}]")
        await self.page.locator("#list li", has_text=thing).locator("button").first.click()
        await expect(self.page.locator("#lines")).to_contain_text(thing)
        await expect(self.page.locator("#composer")).to_have_attribute("aria-busy", "false")

    async def take(self, thing: str) -> None:
        """Accept it by key."""
        await self.look_at(thing, "queue")
        await self.press("a")
        await expect(self.text).to_be_focused()

    async def answer(self, words: str) -> None:
        await self.press("r")
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".held .bubble", has_text=words)).to_be_visible()

    async def note(self, words: str) -> None:
        await self.press("n")
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#lines .note", has_text=words)).to_be_visible()


async def prepare(parts: AppComponents) -> None:
    """Who works here, online and asked by colleagues only, and one macro."""
    for name, role in (("Mia", Role.AGENT), ("Jo", Role.AGENT), ("Ada", Role.SUPERVISOR)):
        await add_agent(parts.db, f"{name.lower()}@example.org", name, role, password=PASSWORD)
    async with parts.db.write() as session:
        await session.execute(update(Agent).values(capacity=0, availability=Availability.ONLINE))
    answer = MacroStep(kind=StepKind.ANSWER, text="Der Teppich ist unterwegs.")
    draft = MacroDraft(name="Unterwegs", steps=(answer, MacroStep(kind=StepKind.ADD_TAG, text="Versand")))
    by = Actor(kind="agent", id="a" * 32, name="Ada", address="")
    await Macros(parts.db, parts.audit).add(draft, Keeper(actor=by, may_share=True))


async def ask_for_a_person(customer: ChatCustomer, thing: str) -> None:
    """Two lines, the second one brings them into the queue."""
    await customer.write(f"Es geht um das hier: {thing}.")
    await customer.sees(f"You said: Es geht um das hier: {thing}")
    await customer.write(f"{WISH}, wegen {thing}.")
    await expect(customer.log).to_contain_text(f"wegen {thing}")


async def test_six_people_at_once_each_see_what_is_theirs(tmp_path: Path, sqlite_url: str, browser: "Browser") -> None:
    async with served(tmp_path, sqlite_url, bot=FakeBot(), undo_seconds=UNDO_SECONDS) as (parts, address):
        await prepare(parts)
        site = f"http://{address}"
        async with (
            window(browser, site, "mia@example.org") as mias,
            window(browser, site, "jo@example.org") as jos,
            window(browser, site, "ada@example.org") as adas,
        ):
            mia, jo, ada = Desk(page=mias), Desk(page=jos), Desk(page=adas)
            arrivals = [ChatCustomer.arrive(browser, site) for _ in THINGS]
            ida, ben, cem = await asyncio.gather(*arrivals)
            customers = {"ida": ida, "ben": ben, "cem": cem}
            await asyncio.gather(mia.arrive(), jo.arrive(), adas.goto("/desk/live"))
            await asyncio.gather(*(ask_for_a_person(customers[name], thing) for name, thing in THINGS.items()))
            await expect(adas.locator("#waiting [data-act=take-over]")).to_have_count(3)

            await asyncio.gather(mia.take("Lampe"), jo.take("Teppich"))
            await asyncio.gather(mia.answer("Die Lampe sehe ich mir an."), jo.answer("Den Teppich sehe ich mir an."))
            await asyncio.gather(ida.sees("Die Lampe sehe ich mir an."), ben.sees("Den Teppich sehe ich mir an."))
            await hand_on(mia, jo, ida)
            await expect(agent_row(ada, "Jo").locator(".has li")).to_have_count(2)
            await asyncio.gather(supervise(ada, mia, cem), end(jo, ben))
            await work_together(mia, jo, ida)
            for name, customer in customers.items():
                await sees_only_theirs(customer, THINGS[name], TALKS[name])
        await check_log(parts)
        for customer in customers.values():
            assert customer.errors == []
            await customer.page.context.close()


def agent_row(supervisor: Desk, name: str) -> "Locator":
    return supervisor.page.locator("#agents > li", has_text=name)


async def hand_on(mia: Desk, jo: Desk, ida: ChatCustomer) -> None:
    """Mia asks Jo, who is writing to somebody else: the draft and the note stay where they belong."""
    await jo.press("r")
    await jo.page.keyboard.type("Entwurf zum Teppich")
    await mia.press("t")
    await expect(mia.page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an")
    await mia.page.keyboard.type("@jo bitte übernehmen")
    await expect(mia.page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an Jo")
    await mia.page.keyboard.press("Enter")
    await expect(mia.page.locator("#state")).to_contain_text("Jo ist um Übernahme gebeten")
    await expect(jo.page.locator("#offers .offer")).to_contain_text("Lampe")
    await expect(jo.text).to_have_value("Entwurf zum Teppich")
    await expect(ida.log).not_to_contain_text("Jo")
    await jo.press("o")
    await expect(jo.page.locator("#lines")).to_contain_text("Die Lampe sehe ich mir an.")
    await expect(jo.lines).to_contain_text("bitte übernehmen")
    await jo.press("a")
    await expect(jo.text).to_be_focused()
    await expect(jo.text).to_have_value("")
    await ida.sees("Jo")
    await jo.answer("Hier ist Jo, die Lampe tauschen wir.")
    await ida.sees("Hier ist Jo, die Lampe tauschen wir.")
    await jo.look_at("Teppich", "mine")
    await expect(jo.text).to_have_value("Entwurf zum Teppich")
    await jo.text.fill("")


async def supervise(ada: Desk, mia: Desk, cem: ChatCustomer) -> None:
    """Ada sees who has what, whispers, and takes over from Mia, whose words and dialog reach nobody."""
    await mia.take("Wecker")
    mine = agent_row(ada, "Mia")
    await expect(mine.locator(".has li")).to_have_count(1)
    await expect(ada.page.locator("#tile-waiting")).to_have_text("0")
    await mine.locator("[data-act=whisper]").click()
    await ada.page.keyboard.type("Gutschein anbieten")
    await ada.page.locator("#whisper-form button").click()
    await expect(mia.page.locator("#lines .note")).to_contain_text("Gutschein anbieten")
    await mia.press("r")
    await mia.page.keyboard.type("Entwurf zum Wecker")
    await mia.press("t")
    await expect(mia.page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an")
    await mine.locator("[data-act=take-over]").click()
    await expect(ada.page.locator("#said")).to_contain_text("jetzt bei Ihnen")
    await expect(mia.page.locator("#state")).to_contain_text("Ada")
    await mia.page.keyboard.type("@jo kurz drübersehen")
    await mia.page.keyboard.press("Enter")
    await expect(mia.page.locator("#problem")).to_contain_text("Das geht nicht mehr")
    await ada.page.goto("/desk")
    await ada.look_at("Wecker", "mine")
    await expect(ada.text).to_have_value("")
    await ada.answer("Hier ist Ada, der Wecker kommt neu.")
    await cem.sees("Hier ist Ada, der Wecker kommt neu.")


async def work_together(mia: Desk, jo: Desk, ida: ChatCustomer) -> None:
    """Jo asks Mia inside and puts the conversation off; the customer's next line brings it back."""
    await jo.look_at("Lampe", "mine")
    await jo.press("@")
    await expect(jo.page.locator("#mention-list [role=option]").first).to_be_visible()
    await jo.page.keyboard.type("mia")
    await jo.page.keyboard.press("Enter")
    await jo.page.keyboard.type("kurz drübersehen")
    await jo.page.keyboard.press("Enter")
    await expect(jo.page.locator("#lines .note").last).to_contain_text("kurz drübersehen")
    await mia.look_at("Lampe", "mentions")
    await expect(mia.page.locator("#lines .note").last).to_contain_text("kurz drübersehen")
    await jo.press("z")
    await expect(jo.page.locator("#snooze-dialog")).to_be_visible()
    await jo.page.keyboard.press("Enter")
    await expect(jo.page.locator("#snooze-dialog")).to_be_hidden()
    await jo.page.click(".views button[data-view=snoozed]")
    await expect(jo.page.locator("#list li")).to_contain_text(["Lampe"])
    await ida.write("Die Lampe flackert auch.")
    await expect(jo.page.locator("#list li")).to_have_count(0)
    await jo.look_at("Lampe", "mine")
    await expect(jo.lines).to_contain_text("Die Lampe flackert auch.")


async def end(jo: Desk, ben: ChatCustomer) -> None:
    """A macro answers, resolving is undone once, and done."""
    await jo.look_at("Teppich", "mine")
    await jo.press("m")
    await expect(jo.page.locator("#macro-preview")).to_contain_text("Der Teppich ist unterwegs.")
    await jo.page.keyboard.press("Enter")
    await expect(jo.page.locator("#tags")).to_contain_text("Versand")
    await ben.sees("Der Teppich ist unterwegs.")
    held = jo.page.locator("#pending .activity.held")
    await jo.press("e")
    await expect(held).to_be_visible()
    await jo.press("u")
    await expect(held).to_have_count(0)
    await expect(jo.page.locator("[data-do=resolve]")).to_be_enabled()
    await jo.press("e")
    await ben.sees("Konnten wir Ihnen helfen?")


async def sees_only_theirs(customer: ChatCustomer, thing: str, talk: tuple[str, ...]) -> None:
    """Every line once and in order, none of another's, and nothing from inside."""
    said = [line.strip() for line in await customer.log.locator(".bubble").all_inner_texts()]
    for other in {*THINGS.values(), *INSIDE, "Entwurf"} - {thing}:
        assert other not in "\n".join(said)
    expected = [f"Es geht um das hier: {thing}.", f"{WISH}, wegen {thing}.", *talk]
    assert [line for line in said if line in expected] == expected


async def check_log(parts: AppComponents) -> None:
    """What is stored: each customer's things with them alone, notes for colleagues, one resolved."""
    async with parts.db.read() as session:
        conversations = (await session.scalars(select(Conversation))).all()
        messages = (await session.scalars(select(Message).order_by(Message.seq))).all()
    assert len(conversations) == len(THINGS)
    for conversation in conversations:
        told = [message.text for message in messages if message.conversation_id == conversation.id]
        assert len([thing for thing in THINGS.values() if any(thing in text for text in told)]) == 1
    notes = [message.text for message in messages if message.kind is MessageKind.NOTE]
    assert sorted(notes) == ["@Mia kurz drübersehen", "Gutschein anbieten", "bitte übernehmen"]
    assert [one.status for one in conversations].count(Status.RESOLVED) == 1
