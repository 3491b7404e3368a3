"""The admin page of ratings: figures that lead to conversations, and nobody's name as markup."""

from zoneinfo import ZoneInfo

import pytest

from connectors.contract import Channel
from helpdesk.web.admin.ratings.routes import rating_routes
from store.db import Database
from store.models import Agent, Contact, Conversation, Rating, Role, now
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def house(db: Database) -> House:
    zone = ZoneInfo("Europe/Berlin")
    return make_house(
        db,
        lambda pages, guard: [*staff_routes(db, pages, guard), *rating_routes(db=db, pages=pages, zone=zone)],
    )


async def store_rating(db: Database, name: str, *, helped: bool) -> Rating:
    async with db.write() as session:
        agent = Agent(email=f"{name}@example.org", name=name, role=Role.AGENT, password_hash="")
        contact = Contact(channel=Channel.SLACK, account="T1", external_id=name)
        session.add_all([agent, contact])
        await session.flush()
        conversation = Conversation(contact_id=contact.id, channel=Channel.SLACK, account="T1", chat_id=name)
        session.add(conversation)
        await session.flush()
        rating = Rating(
            conversation_id=conversation.id,
            channel=Channel.SLACK,
            agent_id=agent.id,
            asked_seq=1,
            helped=helped,
            rated_at=now(),
        )
        session.add(rating)
    return rating


async def test_a_figure_leads_to_its_conversations(admin: StaffBrowser, db: Database) -> None:
    bad, good = await store_rating(db, "<b>Mia", helped=False), await store_rating(db, "Jo", helped=True)

    page = (await admin.get("/admin/ratings")).text
    wanted = f"?by=agent&amp;value={bad.agent_id}&amp;helped=no#conversations"
    assert wanted in page
    assert "&lt;b&gt;Mia" in page
    assert "1 von 2" in page
    shown = (await admin.get(f"/admin/ratings?by=agent&value={bad.agent_id}&helped=no")).text
    assert bad.conversation_id in shown
    assert good.conversation_id not in shown
    assert "/admin/ratings?helped=no" in (await admin.get("/admin")).text


async def test_an_empty_page_and_odd_questions_are_no_error(admin: StaffBrowser) -> None:
    for query in ("", "?by=nothing&value=x&helped=maybe", "?by=channel&value=fax"):
        assert (await admin.get(f"/admin/ratings{query}")).status_code == 200
