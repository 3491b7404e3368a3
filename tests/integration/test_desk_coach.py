"""The coach's and the offers' doors: who may, what is said, what is kept."""

from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.conversations import Conversations
from store.models import Agent, AllowanceRecord
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House, StaffBrowser, agent_by_email

pytestmark = pytest.mark.sqlite_only

VOUCHER = {
    "name": " Gutschein ",
    "topic": "",
    "texts": {"de": "Ich biete Ihnen einen Gutschein über … € an.", "de@informal": "", "en": "I can offer a voucher."},
}


async def mine(house: House, conversations: Conversations) -> tuple[DeskClient, str]:
    desk = await desk_of(house)
    conversation_id = await waiting(conversations, "Wie lange kann ich zurückgeben? Und was kostet das?")
    await drive(conversations).accept(conversation_id, (await agent_by_email(house.db, "mia@example.org")).id)
    return desk, conversation_id


async def hints(desk: DeskClient, conversation_id: str, text: str, **more: Any) -> list[dict[str, Any]]:
    body = {"text": text, "zone": "Europe/Berlin"} | more
    answer = await desk.send(f"conversations/{conversation_id}/coach", body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["hints"]
    return found


async def test_a_draft_is_read_with_what_the_customer_asked_and_nothing_of_it_is_kept(
    house: House, conversations: Conversations
) -> None:
    desk, conversation_id = await mine(house, conversations)
    (hint,) = await hints(desk, conversation_id, "Zurückgeben können Sie innerhalb von 14 Tagen.")
    assert (hint["kind"], hint["found"]) == ("question", "Und was kostet das?")
    promised, *_ = await hints(desk, conversation_id, "Ich melde mich in zwei Stunden.", article=True)
    assert promised["due"].endswith("Z")

    assert (await desk.send("coach", {"off": ["question", "promise"]})).status_code == 200
    assert await hints(desk, conversation_id, "Zurückgeben können Sie innerhalb von 14 Tagen.") == []
    async with house.db.read() as session:
        agent = (await session.scalars(select(Agent).where(Agent.email == "mia@example.org"))).one()
    assert agent.coach_off == ("promise", "question")
    assert (await desk.ask("coach"))["off"] == ["promise", "question"]


async def test_only_who_has_the_conversation_has_a_draft_in_it(house: House, conversations: Conversations) -> None:
    desk = await desk_of(house)
    conversation_id = await waiting(conversations)
    draft = {"text": "Guten Tag, das geht nicht.", "zone": "Europe/Berlin"}
    assert (await desk.send(f"conversations/{conversation_id}/coach", draft)).status_code == 403
    assert (await desk.send(f"conversations/{'0' * 32}/coach", draft)).status_code == 404
    for change in ({"zone": "Nowhere/Land"}, {"zone": "../etc/passwd"}, {"text": "x" * 10_001}):
        assert (await desk.send(f"conversations/{conversation_id}/coach", draft | change)).status_code == 422
    assert (await desk.send("coach", {"off": ["weather"]})).status_code == 422


async def test_what_admins_allow_is_offered_in_the_conversations_language_and_form(
    house: House, conversations: Conversations, admin: StaffBrowser
) -> None:
    desk, conversation_id = await mine(house, conversations)
    made = await admin.post("/admin/api/allowances/new", json=VOUCHER)
    assert made.status_code == 201
    other = VOUCHER | {"name": "Ersatz", "topic": "warranty"}
    assert (await admin.post("/admin/api/allowances/new", json=other)).status_code == 201
    path = f"conversations/{conversation_id}/allowances"
    (offered,) = (await desk.ask(path))["allowances"]
    assert (offered["name"], offered["text"]) == ("Gutschein", VOUCHER["texts"]["de"])  # type: ignore[index]

    async with conversations.open(conversation_id) as c:
        c.conversation.formality = "du"  # no sentence is written for it, and none in another form takes its place
    assert (await desk.ask(path))["allowances"] == []

    key = made.json()["id"]
    for wrong in ({"name": " "}, {"texts": {"de": " "}}, {"texts": {"xx": "?"}}):
        assert (await admin.post(f"/admin/api/allowances/{key}/save", json=VOUCHER | wrong)).status_code == 422
    assert (await admin.post(f"/admin/api/allowances/{key}/save", json=VOUCHER | {"is_on": False})).status_code == 200
    assert "Gutschein" in (await admin.get("/admin/allowances")).text
    assert (await admin.post(f"/admin/api/allowances/{key}/remove", json={})).status_code == 200
    assert (await admin.post(f"/admin/api/allowances/{key}/remove", json={})).status_code == 404
    async with house.db.read() as session:
        assert [row.name for row in await session.scalars(select(AllowanceRecord))] == ["Ersatz"]
