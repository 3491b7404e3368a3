"""Translation on the desk, with a service on loopback: each form, what fails, paid once, erased, in a browser."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from pydantic import SecretStr
from sqlalchemy import select

from connectors.contract import Address, Author, Channel, InboundMessage, Withdrawal
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from helpdesk.host.cli.checks import CheckStatus
from helpdesk.host.cli.translation_probe import check_translation
from helpdesk.privacy.erasure import erase_contact
from helpdesk.translation.client import TranslationClient, TranslationFailed
from helpdesk.translation.services import TranslationApi, TranslationRequest
from helpdesk.translation.translator import Translator, service_of
from helpdesk.web.admin.translation.routes import translation_admin_routes
from helpdesk.web.desk.translation import translation_routes
from store.db import Database
from store.errors import Conflict
from store.models import Conversation, Message, Role, StoredTranslation
from store.settings import Settings
from tests.conversation_driver import drive
from tests.fakes.translation_server import FakeTranslations, translation_server
from tests.integration.desk_client import desk_of, waiting
from tests.integration.staff import PASSWORD, House, make_house, served, staff_routes
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.sqlite_only

REQUEST = TranslationRequest(text="Hallo", source="de", target="en")
DRAFT = "Ihr Paket kommt am Freitag, Bestellung 48213-7."


@pytest.fixture
async def fake() -> AsyncIterator[FakeTranslations]:
    async with translation_server() as running:
        yield running


def chosen(url: str, form: str = "libretranslate") -> Settings:
    return Settings(
        translation_url=url + ("/v1" if form == "model" else ""),
        translation_form=form,
        translation_key=SecretStr("k1"),
        translation_model="m",
        translation_own_network=True,
        _env_file=None,
    )


@pytest.fixture
async def house(db: Database, fake: FakeTranslations) -> AsyncIterator[House]:
    translator = Translator(db, chosen(fake.url))
    yield make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard, translates=True),
            *translation_routes(translator, pages),
            *translation_admin_routes(translator=translator, pages=pages),
        ],
    )
    await translator.close()


async def test_each_service_is_asked_in_its_own_form(fake: FakeTranslations) -> None:
    client = TranslationClient()
    for form in TranslationApi:
        service = service_of(chosen(fake.url, form))
        assert service is not None
        assert await client.translate(service, REQUEST) == "Hello"
        assert "k1" not in repr(service)
    libre, deepl, model = fake.asked
    assert libre == {"q": "Hallo", "source": "de", "target": "en", "format": "text", "api_key": "k1"}
    assert (deepl["text"], deepl["target_lang"], deepl["source_lang"]) == (["Hallo"], "EN-GB", "DE")
    assert model["model"] == "m"
    assert fake.keys == ["", "DeepL-Auth-Key k1", "Bearer k1"]
    assert [each.status for each in await check_translation(chosen(fake.url))] == [CheckStatus.OK]
    assert [each.status for each in await check_translation(Settings(_env_file=None))] == [CheckStatus.SKIPPED]
    await client.close()


@pytest.mark.parametrize(
    ("status", "code"), [(403, "key"), (429, "busy"), (456, "quota"), (400, "refused"), (503, "down")]
)
@pytest.mark.parametrize("form", list(TranslationApi))
async def test_what_a_service_refuses_is_told(
    fake: FakeTranslations, form: TranslationApi, status: int, code: str
) -> None:
    client, service = TranslationClient(), service_of(chosen(fake.url, form))
    assert service is not None
    fake.status = status
    with pytest.raises(TranslationFailed) as failed:
        await client.translate(service, REQUEST)
    assert failed.value.code == f"translation_{code}"
    await client.close()


async def test_a_service_that_stalls_lies_or_stands_in_a_private_place_harms_nobody(fake: FakeTranslations) -> None:
    client, service = TranslationClient(), service_of(chosen(fake.url))
    assert service is not None
    fake.answer = ""
    with pytest.raises(TranslationFailed, match="form"):
        await client.translate(service, REQUEST)
    with pytest.raises(TranslationFailed, match="address"):
        await client.translate(replace(service, own_network=False), REQUEST)
    fake.stalls = True
    with pytest.raises(TranslationFailed, match="late"):
        await client.translate(service, REQUEST, within=0.2)
    await client.close()


async def test_lines_are_paid_for_once_stay_without_personal_data_and_go_with_the_conversation(
    house: House, conversations: Conversations, fake: FakeTranslations
) -> None:
    desk = await desk_of(house)
    conversation_id = await waiting(conversations, "Where is my parcel? My number is +49 170 1234567.")
    async with conversations.open(conversation_id) as c:
        c.conversation.language = "en"
    path = f"conversations/{conversation_id}/translations"
    async with house.db.read() as session:
        seq = await session.scalar(select(Message.seq).where(Message.author == Author.CONTACT))
    for _ in range(2):
        lines = (await desk.send(f"{path}/lines", {"seqs": [seq]})).json()["lines"]
        assert [line["text"] for line in lines] == ["Wo ist my parcel? My number is +49 170 1234567."]
    assert [asked["q"] for asked in fake.asked] == ["Wo ist my parcel? My number is ⟦1⟧.".replace("Wo ist", "Where is")]

    draft = (await desk.send(f"{path}/draft", {"text": DRAFT})).json()
    assert (draft["text"], draft["language"]) == ("Your parcel arrives on Friday, Bestellung 48213-7.", "en")
    assert draft["losses"] == []
    fake.answer = "Your parcel arrives on Friday in 3 days."
    changed = (await desk.send(f"{path}/draft", {"text": "Ihr Paket kommt in 2 Tagen."})).json()
    assert changed["losses"] == [["number", "2"], ["number", "3"]]
    fake.status = 456
    refused = await desk.send(f"{path}/draft", {"text": "Etwas anderes."})
    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "translation_quota")
    assert (await desk.send(f"conversations/{'0' * 32}/translations/draft", {"text": "x"})).status_code == 404

    async with house.db.read() as session:
        kept = {row.text for row in await session.scalars(select(StoredTranslation))}
        contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == conversation_id))
    assert DRAFT in kept  # what the agent wrote is behind what the customer reads
    assert contact is not None
    await erase_contact(house.db, contact)
    async with house.db.read() as session:
        assert list(await session.scalars(select(StoredTranslation))) == []


async def test_what_a_customer_deletes_leaves_no_translation(
    db: Database, conversations: Conversations, fake: FakeTranslations
) -> None:
    address = Address(channel=Channel.TELEGRAM, account="main", chat_id="7")
    received = await drive(conversations).receive(
        InboundMessage(address=address, contact_id="7", external_id="1", text="Where is my secret?")
    )
    translator = Translator(db, chosen(fake.url))
    assert await translator.translate_lines(received.conversation_id, (received.seq,), "de")
    assert await drive(conversations).withdraw(Withdrawal(address=address, external_id="1"))
    async with db.read() as session:
        assert list(await session.scalars(select(StoredTranslation))) == []
    off = Translator(db, Settings(_env_file=None))
    with pytest.raises(Conflict):
        await off.try_out("Hallo", "en")
    await translator.close()
    await off.close()


@pytest.mark.browser
async def test_a_draft_is_looked_at_in_the_customers_language_before_it_is_sent(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    conversation_id = await waiting(conversations, "Where is my parcel?")
    async with conversations.open(conversation_id) as c:
        c.conversation.language = "en"
    await drive(conversations).accept(conversation_id, mia.id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?conversation={conversation_id}")
        await page.fill("#text", DRAFT)
        await page.click("#translate")
        await expect(page.locator("#lines .translated").first).to_contain_text("Wo ist my parcel?")
        await page.click("#translation button")
        await expect(page.locator("#translation .as-written")).to_contain_text("Your parcel arrives on Friday")
        await check(page)
        await page.locator("#text").press_sequentially(" Gruß")
        take = page.locator("#translation button >> text=Übernehmen")
        await take.click()  # what was translated is no longer what is written: it is translated anew
        await expect(page.locator("#translation .as-written")).to_contain_text("Gruß")
        await expect(page.locator("#text")).to_have_value(f"{DRAFT} Gruß")
        await take.click()
        await expect(page.locator("#text")).to_have_value("Your parcel arrives on Friday, Bestellung 48213-7. Gruß")
        await page.click("#translation button >> text=Zurück zum Original")
        await expect(page.locator("#text")).to_have_value(f"{DRAFT} Gruß")

        await page.goto("/admin/translation")
        await page.select_option("#try [name=target]", "en")
        await page.click("#try button")
        await expect(page.locator("#result")).to_contain_text("Your parcel arrives")
        await check(page)
