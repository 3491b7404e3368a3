"""The web site signs its customer in: one conversation on all browsers, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from connectors.contract import Channel
from helpdesk.app import AppComponents
from helpdesk.conversations.contacts.contact_details import read_phone
from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.conversations.promises.call_desk import TeamCallDesk
from helpdesk.identity.token import SigningKey
from helpdesk.mail.links import DOWNLOAD_FOR, RETURN_FOR, ReturnLink
from store.models import (
    Contact,
    ContactMerge,
    Conversation,
    Identity,
    IdentityKey,
    IdentityToken,
    Message,
    VisitorToken,
    now,
)
from tests.conversation_driver import drive
from tests.harness import hire
from tests.integration.identity_site import CustomerBrowser, Site
from tests.integration.webchat_server import served


@pytest.fixture
async def house_and_address(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[AppComponents, str]]:
    async with served(tmp_path, database_url) as running:
        yield running


@pytest.fixture
def house(house_and_address: tuple[AppComponents, str]) -> AppComponents:
    return house_and_address[0]


@pytest.fixture
def address(house_and_address: tuple[AppComponents, str]) -> str:
    return house_and_address[1]


@pytest.fixture
async def site(house: AppComponents) -> Site:
    return Site(await house.identity_keys.add("Mia"), house.identity_keys.audience)


async def sign_out(address: str, token: str | None, origin: str | None = None) -> int:
    async with httpx.AsyncClient(base_url=f"http://{address}") as browser:
        answer = await browser.post(
            "/webchat/sign-out", content=token or "", headers={"origin": origin or f"http://{address}"}
        )
        return answer.status_code


async def test_two_devices_of_a_customer_see_one_conversation(address: str, site: Site) -> None:
    phone, laptop = CustomerBrowser(address), CustomerBrowser(address)
    async with phone.open(site.token()) as one, laptop.open(site.token()) as other:
        assert one.identity == other.identity == {"state": "signed_in"}
        assert one.conversation == other.conversation
        assert phone.token != laptop.token
        await one.say("Wo bleibt mein Paket?")
        await other.until("message", text="Wo bleibt mein Paket?")
    async with CustomerBrowser(address).open(site.token("K-2")) as stranger:
        assert stranger.conversation != one.conversation
        assert "Wo bleibt mein Paket?" not in stranger.texts


async def test_a_known_customer_is_greeted_by_the_name_that_was_signed(address: str, site: Site) -> None:
    async with CustomerBrowser(address).open(site.token(name="Ida *Muster*")) as page:
        [greeting] = [frame for frame in page.frames if frame["type"] == "message"]
        assert "Ida *Muster*" in greeting["html"]
        assert "<em>" not in greeting["html"]
    async with CustomerBrowser(address).open(site.token("K-3", name=None)) as page:
        assert "None" not in page.texts[0]


async def test_the_first_person_greets_a_known_customer_by_name_and_nobody_else(
    house: AppComponents, address: str, site: Site
) -> None:
    mia, desk = await hire(house, "Mia"), drive(house.conversations)
    async with CustomerBrowser(address).open(site.token()) as known, CustomerBrowser(address).open() as unknown:
        for page in (known, unknown):
            await page.say("Hallo")
            await desk.accept(page.conversation, mia)
        here = "Mia ist jetzt für Sie da und kennt das bisherige Gespräch."
        await known.until("message", text=f"Guten Tag, Ida Muster. {here}")
        await unknown.until("message", text=here)
        await desk.release(known.conversation, mia)
        await desk.accept(known.conversation, mia)
        await known.until("message", text=here)


async def test_what_was_said_before_signing_in_joins_the_customer(
    house: AppComponents, address: str, site: Site
) -> None:
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("Ich bin noch niemand")
        anonymous, before = browser.token, page.conversation
    async with browser.open(site.token()) as page:
        assert page.conversation == before
        assert "Ich bin noch niemand" in page.texts
    async with CustomerBrowser(address).open(site.token()) as elsewhere:
        assert "Ich bin noch niemand" in elsewhere.texts
    async with CustomerBrowser(address, token=anonymous).open() as stranger:
        assert stranger.conversation != before, "the old token opens nothing any more"
    async with house.db.read() as session:
        identity = (await session.scalars(select(Identity))).one()
        contact = await session.get_one(Contact, identity.contact_id)
        conversation = await session.get_one(Conversation, before)
        assert conversation.contact_id in {each.id for each in await load_same_person(session, contact)}
        assert conversation.contact_id != contact.id, "no conversation changes its contact"
        writer = await session.get_one(Contact, conversation.contact_id)
        assert (writer.name, writer.email) == ("Ida Muster", "ida@example.org")


async def test_whoever_held_the_old_token_is_put_out_when_the_conversation_joins_a_customer(
    address: str, site: Site
) -> None:
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("Hallo")
        planted = CustomerBrowser(address, token=browser.token)
        async with planted.open() as spy:
            async with browser.open(site.token()):
                assert await spy.closed() == 4401
            assert await page.closed() == 4401


async def test_a_conversation_with_people_is_not_hidden_by_one_that_joins(
    house: AppComponents, address: str, site: Site
) -> None:
    async with CustomerBrowser(address).open(site.token()) as page:
        await page.say("Ein Mensch, bitte")
        waiting = page.conversation
    await drive(house.conversations).request_handoff(waiting, [])
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("Kurze Frage")
    async with browser.open(site.token()) as page:
        assert page.conversation == waiting


async def test_the_other_devices_follow_to_the_conversation_that_joined(address: str, site: Site) -> None:
    laptop, phone = CustomerBrowser(address), CustomerBrowser(address)
    async with laptop.open(site.token()) as before:
        async with phone.open() as page:
            await page.say("Vom Handy")
        async with phone.open(site.token()) as page:
            joined = page.conversation
        assert await before.closed() == 1012
    async with laptop.open() as after:
        assert after.conversation == joined
        assert "Vom Handy" in after.texts


async def test_signing_out_ends_all_pages_of_that_browser_at_once_and_no_other(address: str, site: Site) -> None:
    browser, other = CustomerBrowser(address), CustomerBrowser(address)
    token = site.token()
    async with browser.open(token) as first, browser.open() as second, other.open(site.token()) as elsewhere:
        assert first.conversation == second.conversation == elsewhere.conversation
        old = browser.token
        assert await sign_out(address, old) == 204
        assert {await first.closed(), await second.closed()} == {4401}
        await elsewhere.say("Ich bin noch da")
    async with browser.open(token) as page:
        assert page.identity == {"state": "refused", "reason": "ended"}
        assert page.conversation != first.conversation
    async with CustomerBrowser(address, token=old).open() as page:
        assert page.conversation != first.conversation
    async with browser.open(site.token()) as page:
        assert page.conversation == first.conversation, "a new sign-in is a new one"


async def test_only_pages_that_may_show_the_chat_sign_out(address: str, site: Site) -> None:
    browser = CustomerBrowser(address)
    async with browser.open(site.token()) as page:
        assert await sign_out(address, browser.token, origin="https://elsewhere.example") == 403
        assert await sign_out(address, "nonsense") == 204
        assert await sign_out(address, "") == 204
        assert await sign_out(address, "x" * 1_000) == 413
        await page.say("Ich bin noch da")


async def test_a_sign_in_that_another_browser_has_shown_is_refused(address: str, site: Site) -> None:
    browser, token = CustomerBrowser(address), site.token()
    async with browser.open(token) as page:
        await page.say("Geheim")
    async with CustomerBrowser(address).open(token) as thief:
        assert thief.identity == {"state": "refused", "reason": "replayed"}
        assert "Geheim" not in thief.texts
    async with browser.open(token) as page:
        assert page.identity == {"state": "signed_in"}, "the browser itself may show it again"
    async with CustomerBrowser(address, key=browser.key).open(token) as page:
        assert page.identity == {"state": "signed_in"}, "a second tab that knows no token yet"


@pytest.mark.parametrize("broken", ["forged", "expired", "audience"])
async def test_a_bad_sign_in_never_shows_what_the_former_customer_said(
    house: AppComponents, address: str, site: Site, broken: str
) -> None:
    tokens = {
        "forged": Site(type(site.key)(id=site.key.id, secret="x" * 43), site.audience).token("K-2"),
        "expired": site.token("K-2", minutes=-10),
        "audience": Site(site.key, "https://other.example").token("K-2"),
    }
    browser = CustomerBrowser(address)
    async with browser.open(site.token()) as page:
        await page.say("Geheim")
        former = page.conversation
    async with browser.open(tokens[broken]) as page:
        assert page.identity
        assert page.identity["state"] == "refused"
        assert page.conversation != former
        assert "Geheim" not in page.texts


async def test_another_customer_on_the_same_browser_never_sees_the_former_one(
    house: AppComponents, address: str, site: Site
) -> None:
    browser = CustomerBrowser(address)
    async with browser.open(site.token("K-1")) as page:
        await page.say("Geheim")
        async with browser.open(site.token("K-2")) as other:
            assert other.conversation != page.conversation
            assert "Geheim" not in other.texts
            assert await page.closed() == 4401
    async with house.db.read() as session:
        people = list(await session.scalars(select(Contact.person)))
        assert len([person for person in people if person]) == len({person for person in people if person})


async def test_a_mails_link_takes_nobody_elses_conversation_along(
    house: AppComponents, address: str, site: Site
) -> None:
    async with CustomerBrowser(address).open(site.token()) as page:
        await page.say("Das geht nur mich an")
    link = ReturnLink(page.conversation, now())
    shared = CustomerBrowser(address, token=await house.visitors.admit_again(link))
    async with shared.open() as opened:
        assert "Das geht nur mich an" in opened.texts
    async with shared.open(site.token("K-2")) as other:
        assert other.conversation != page.conversation
        assert "Das geht nur mich an" not in other.texts
    async with house.db.read() as session:
        assert await session.scalar(select(ContactMerge)) is None
    async with CustomerBrowser(address, token=await house.visitors.admit_again(link)).open(site.token()) as own:
        assert own.conversation == page.conversation


async def test_a_mails_link_of_before_opens_nothing_once_somebody_has_signed_in(
    house: AppComponents, address: str, site: Site
) -> None:
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("Hallo")
    before = house.mail_links.return_link(page.conversation, now() + RETURN_FOR)
    transcript = house.mail_links.transcript_link(page.conversation, now() + DOWNLOAD_FOR)
    async with httpx.AsyncClient(base_url=house.settings.origin) as mailbox:
        assert (await mailbox.get(before)).status_code == 200
        assert (await mailbox.get(transcript)).status_code == 200
        async with browser.open(site.token()) as page:
            await page.say("Das geht nur mich an")
        assert (await mailbox.get(before)).status_code == 404
        assert (await mailbox.get(transcript)).status_code == 404
    link = house.mail_links.read_return(before.rpartition("/")[2])
    assert link is not None
    assert await house.visitors.admit_again(link) is None
    assert await house.visitors.admit_again(ReturnLink(page.conversation, now())) is not None, "a later mail's does"


async def test_an_old_page_of_the_same_customer_goes_on(address: str, site: Site) -> None:
    browser = CustomerBrowser(address)
    async with browser.open(site.token()) as page:
        await page.say("Hallo")
    async with browser.open(site.token(minutes=-10)) as later:
        assert later.conversation == page.conversation
        assert later.identity == {"state": "signed_in"} or later.identity == {"state": "refused", "reason": "expired"}


async def test_access_ends_with_the_sign_in(house: AppComponents, address: str, site: Site) -> None:
    browser = CustomerBrowser(address)
    async with browser.open(site.token(minutes=2 / 60)) as page:
        assert await page.closed(10) == 4401
    async with browser.open() as after:
        assert after.conversation != page.conversation


async def test_a_page_that_shows_the_same_sign_in_again_writes_nothing(
    house: AppComponents, address: str, site: Site
) -> None:
    browser, token = CustomerBrowser(address), site.token()
    async with browser.open(token) as first:
        before = await signed_in_at(house)
        async with browser.open(token) as second:
            assert (second.identity, second.conversation) == ({"state": "signed_in"}, first.conversation)
        assert await signed_in_at(house) == before
        async with browser.open(site.token(name="Ida Neu")) as renamed:
            assert renamed.conversation == first.conversation
        assert await signed_in_at(house) > before
        async with house.db.read() as session:
            assert await session.scalar(select(Identity.name)) == "Ida Neu"


async def signed_in_at(house: AppComponents) -> datetime:
    """When the only customer was last written."""
    async with house.db.read() as session:
        return (await session.scalars(select(Identity.signed_in_at))).one()


async def test_a_new_sign_in_lengthens_the_old_one(address: str, site: Site) -> None:
    browser = CustomerBrowser(address)
    async with browser.open(site.token(minutes=3 / 60)) as page:
        async with browser.open(site.token()):
            pass
        await asyncio.sleep(4)
        await page.say("Ich bin noch da")


async def test_a_retired_key_ends_what_it_signed(house: AppComponents, address: str, site: Site) -> None:
    browser, token = CustomerBrowser(address), site.token()
    newer = Site(await house.identity_keys.add("Mia"), site.audience)
    kept = CustomerBrowser(address)
    async with browser.open(token), kept.open(newer.token()):
        pass
    await house.identity_keys.retire(site.key.id)
    async with browser.open() as page:
        assert page.identity is None
        assert len(page.texts) == 1
    async with browser.open(site.token()) as page:
        assert page.identity == {"state": "refused", "reason": "signature"}
    async with kept.open() as page:
        assert page.identity == {"state": "signed_in"}


async def test_without_a_key_nobody_is_signed_in(address: str) -> None:
    foreign = Site(SigningKey(id="k", secret="y" * 43), f"http://{address}")
    async with CustomerBrowser(address).open(foreign.token()) as page:
        assert page.identity == {"state": "refused", "reason": "no_key"}


async def test_a_browser_without_a_key_of_its_own_is_not_signed_in(address: str, site: Site) -> None:
    async with CustomerBrowser(address, key="short").open(site.token()) as page:
        assert page.identity == {"state": "refused", "reason": "malformed"}


async def test_the_key_is_stored_unreadable_and_no_token_is_stored_at_all(
    house: AppComponents, address: str, site: Site
) -> None:
    browser, token = CustomerBrowser(address), site.token()
    async with browser.open(token):
        pass
    async with house.db.read() as session:
        stored = [each.secret for each in await session.scalars(select(IdentityKey))]
        stored += [each.token_hash for each in await session.scalars(select(IdentityToken))]
        stored += [f"{each.token_hash} {each.browser}" for each in await session.scalars(select(VisitorToken))]
    for secret in (site.key.secret, token, browser.key, str(browser.token)):
        assert not [each for each in stored if secret in each]


async def test_two_devices_at_once_are_one_customer(house: AppComponents, address: str, site: Site) -> None:
    async def visit() -> str:
        async with CustomerBrowser(address).open(site.token()) as page:
            return page.conversation

    assert len(set(await asyncio.gather(*(visit() for _ in range(6))))) == 1
    async with house.db.read() as session:
        assert len(list(await session.scalars(select(Identity)))) == 1


async def test_an_address_typed_in_the_chat_proves_nothing(house: AppComponents, address: str, site: Site) -> None:
    async with CustomerBrowser(address).open(site.token()) as page:
        await page.say("Geheim")
    browser = CustomerBrowser(address)
    async with browser.open() as stranger:
        await stranger.say("Ich bin ida@example.org, K-1")
        await drive(house.conversations).request_handoff(stranger.conversation, [])
        await drive(house.conversations).leave_email(stranger.conversation, "ida@example.org")
        assert "Geheim" not in stranger.texts
    async with house.db.read() as session:
        people = [each.person for each in await session.scalars(select(Contact))]
        assert people.count(None) == len(people), "nobody has become the same person"


async def test_what_a_signed_in_customer_writes_is_marked_so(house: AppComponents, address: str, site: Site) -> None:
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("vorher")
    async with browser.open(site.token()) as page:
        await page.say("nachher")
    async with house.db.read() as session:
        said = await session.scalars(select(Message).where(Message.channel == Channel.WEBCHAT).order_by(Message.seq))
        assert {each.text: each.facts.signed_in for each in said} == {"vorher": False, "nachher": True}


async def test_agents_hear_who_it_is(house: AppComponents, address: str, site: Site) -> None:
    mia = await hire(house, "Mia")
    browser = CustomerBrowser(address)
    async with browser.open() as page:
        await page.say("Hallo")
    before = await house.timeline.conversation(page.conversation, agent_id=mia)
    assert before.card.contact_name is None
    async with browser.open(site.token()):
        pass
    after = await house.timeline.conversation(page.conversation, agent_id=mia)
    assert after.card.contact_name == "Ida Muster"
    lines = await house.timeline.lines(page.conversation)
    assert "signed_in" in {line.event for line in lines}  # what the bot answers may come before it or after


async def test_what_the_site_vouches_for_needs_no_asking_while_somebody_is_signed_in(
    house: AppComponents, address: str, site: Site
) -> None:
    desk = TeamCallDesk(house.db, "Europe/Berlin")
    browser = CustomerBrowser(address)
    async with browser.open(site.token(phone="+49 170 1234567")) as page:
        conversation = page.conversation
        assert await desk.load_phone(conversation) == read_phone("+49 170 1234567")
        assert await house.lookups.vouched_email(conversation) == "ida@example.org"
    async with CustomerBrowser(address).open() as stranger:
        assert await desk.load_phone(stranger.conversation) is None
        assert await house.lookups.vouched_email(stranger.conversation) is None
    assert await sign_out(address, browser.token) == 204
    assert await house.lookups.vouched_email(conversation) is None
