"""The admin page of the language model: entering, trying, switching, and where its key may go."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from helpdesk.rewording import LanguageModelServices, Rewording
from helpdesk.web.admin.rewording.routes import rewording_routes
from store.db import Database
from store.models import Endpoint, Role
from store.settings import Settings
from tests.fakes.language_model import FakeLanguageModel, language_model
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes

pytestmark = pytest.mark.sqlite_only

OURS = "Sie können Artikel innerhalb von 14 Tagen zurücksenden. Unterwäsche nehmen wir nicht zurück."


@pytest.fixture
async def fake() -> AsyncIterator[FakeLanguageModel]:
    async with language_model() as started:
        yield started


def settings_of(**values: Any) -> Settings:
    return Settings(secret_key=SecretStr("k" * 32), _env_file=None, **values)


@pytest.fixture
async def rewording(db: Database) -> AsyncIterator[Rewording]:
    made = Rewording(LanguageModelServices(db, settings_of()))
    yield made
    await made.close()


@pytest.fixture
def house(db: Database, rewording: Rewording) -> House:
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *rewording_routes(rewording=rewording, pages=pages),
        ],
    )


def entered(fake: FakeLanguageModel, **changes: Any) -> dict[str, Any]:
    return {"url": fake.url, "model": "honest", "key": fake.key, "own_network": True} | changes


async def save(admin: StaffBrowser, fake: FakeLanguageModel, **changes: Any) -> tuple[int, dict[str, Any]]:
    response = await admin.post("/admin/api/rewording", json=entered(fake, **changes))
    return response.status_code, response.json()


async def test_the_page_says_that_it_is_off_and_what_would_leave(admin: StaffBrowser) -> None:
    page = (await admin.get("/admin/rewording", headers={"accept": "text/html", "accept-language": "en"})).text

    assert "Switched off: nothing leaves the house" in page or "Ausgeschaltet: Nichts verlässt das Haus" in page
    assert "⟦1⟧" in page


async def test_what_was_entered_is_kept_with_everything_off_and_the_key_unseen(
    admin: StaffBrowser, fake: FakeLanguageModel, db: Database, rewording: Rewording
) -> None:
    assert await save(admin, fake) == (200, {"answers": False, "summaries": False})

    assert fake.key not in (await admin.get("/admin/rewording")).text
    async with db.read() as session:
        row = await session.get_one(Endpoint, "rewording")
    assert fake.key not in row.secrets
    service = await rewording.services.find()
    assert service
    assert (service.key, service.answers, service.summaries) == (fake.key, False, False)
    assert fake.calls == []


async def test_it_is_switched_on_and_off_without_entering_the_key_again(
    admin: StaffBrowser, fake: FakeLanguageModel, rewording: Rewording
) -> None:
    await save(admin, fake)
    assert await save(admin, fake, key="", answers=True) == (200, {"answers": True, "summaries": False})
    assert fake.url in (await admin.get("/admin/rewording")).text

    assert (await save(admin, fake, key=""))[1] == {"answers": False, "summaries": False}
    service = await rewording.services.find()
    assert service
    assert service.key == fake.key


async def test_a_stored_key_is_never_sent_to_another_address(admin: StaffBrowser, fake: FakeLanguageModel) -> None:
    await save(admin, fake)

    status, answer = await save(admin, fake, url=fake.url.replace("/v1", "/v2"), key="")

    assert (status, answer["error"]["code"]) == (409, "key_elsewhere")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://169.254.169.254/latest", "address_inside"),
        ("http://[::ffff:169.254.169.254]/v1", "address_inside"),
        ("https://ada:secret@example.org/v1", "address_secret"),
        ("file:///etc/passwd", "address_form"),
        ("https://no-such-host.invalid/v1", "address_unknown"),
    ],
)
async def test_an_address_that_is_never_called_is_refused_at_once(
    admin: StaffBrowser, fake: FakeLanguageModel, url: str, code: str
) -> None:
    status, answer = await save(admin, fake, url=url)

    assert (status, answer["error"]["code"]) == (422, code)


async def test_the_own_network_needs_its_box(admin: StaffBrowser, fake: FakeLanguageModel) -> None:
    status, answer = await save(admin, fake, own_network=False)
    assert (status, answer["error"]["code"]) == (422, "address_own_network")


async def test_trying_shows_what_was_sent_and_what_came_back(admin: StaffBrowser, fake: FakeLanguageModel) -> None:
    await save(admin, fake)

    found = await try_it(admin, f"{OURS} Fragen an hilfe@shop.example.")

    assert found["ending"] == "used"
    assert found["sent"][1] == f"{OURS} Fragen an ⟦1⟧."
    assert found["theirs"].startswith("Gern: ")
    assert found["objections"] == []


async def test_trying_shows_what_was_held_against_a_lie(admin: StaffBrowser, fake: FakeLanguageModel) -> None:
    await save(admin, fake, model="lies-number")

    found = await try_it(admin, OURS)

    assert found["ending"] == "refused"
    assert {"fault": "number", "found": "15"} in found["objections"]
    page = (await admin.get("/admin/rewording")).text
    assert "14 Tagen zurücksenden" in page  # our sample, not what was tried
    assert "15 Tagen" not in page


async def try_it(admin: StaffBrowser, text: str) -> dict[str, Any]:
    body = {"question": "Kann ich das zurückschicken?", "text": text, "language": "de"}
    response = await admin.post("/admin/api/rewording/try", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_without_a_model_there_is_nothing_to_try(admin: StaffBrowser) -> None:
    body = {"question": "Geht das?", "text": OURS, "language": "de"}
    assert (await admin.post("/admin/api/rewording/try", json=body)).status_code == 404


async def test_address_and_key_are_deleted(admin: StaffBrowser, fake: FakeLanguageModel, rewording: Rewording) -> None:
    await save(admin, fake, answers=True)
    await admin.post("/admin/api/rewording/remove", json={})

    assert await rewording.services.find() is None


async def test_agents_and_foreign_pages_do_not_get_in(
    house: House, admin: StaffBrowser, fake: FakeLanguageModel
) -> None:
    agent = await house.signed_in(Role.AGENT, "mia@example.org", "Mia")
    assert (await agent.get("/admin/rewording")).status_code == 403

    admin.headers.pop("x-csrf-token")
    assert (await admin.post("/admin/api/rewording", json=entered(fake, answers=True))).status_code == 403


async def test_what_the_settings_name_wins_and_is_off_until_it_is_switched_on_itself(
    db: Database, admin: StaffBrowser, fake: FakeLanguageModel
) -> None:
    await save(admin, fake, answers=True)
    named = LanguageModelServices(
        db,
        settings_of(
            rewording_url="https://models.example.org/v1",
            rewording_key=SecretStr("of-the-settings"),
            rewording_model="m",
        ),
    )

    service = await named.find()

    assert service
    assert (service.url, service.key, service.model) == ("https://models.example.org/v1", "of-the-settings", "m")
    assert (service.fixed, service.answers, service.summaries) == (True, False, False)
