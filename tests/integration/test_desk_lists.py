"""The desk's lists: searched, filtered, sorted, page by page; and the views that agents keep."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from helpdesk.conversations import Conversations
from helpdesk.views.timeline import listing
from store.models import Conversation, Feedback, Handoff, Team, TeamMember, now
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House, agent_by_email


async def page(desk: DeskClient, **wanted: str) -> Any:
    return await desk.ask(f"conversations?{urlencode({'view': 'all'} | wanted)}")


async def listed(desk: DeskClient, **wanted: str) -> list[str]:
    return [card["id"] for card in (await page(desk, **wanted))["conversations"]]


async def test_a_search_says_how_many_and_shows_the_line(house: House, conversations: Conversations) -> None:
    mine = await waiting(conversations, "Wo bleibt mein **Paket**?", "one")
    await waiting(conversations, "Ich will mein Geld zurück!", "two")
    found = await page(await desk_of(house), q="paket", count="")
    assert [card["id"] for card in found["conversations"]] == [mine]
    assert (found["count"], found["has_more"], found["after"]) == (1, False, None)
    line = found["found"][mine]
    assert (line["seq"], line["author"]) == (2, "contact")
    assert [part["text"] for part in line["parts"] if part["is_found"]] == ["Paket"]


async def test_what_nobody_said_is_not_found(house: House, conversations: Conversations) -> None:
    await waiting(conversations)
    found = await page(await desk_of(house), q="Kühlschrank", count="")
    assert (found["conversations"], found["count"]) == ([], 0)


@pytest.mark.parametrize("sort", ["routing", "wait", "last", "opened"])
async def test_the_pages_of_a_list_hold_everything_once(house: House, conversations: Conversations, sort: str) -> None:
    made = [await waiting(conversations, f"Frage {number}", f"visitor-{number}") for number in range(7)]
    desk = await desk_of(house)
    pages = [await page(desk, sort=sort, limit="3")]
    while pages[-1]["after"]:
        pages.append(await page(desk, sort=sort, limit="3", after=pages[-1]["after"]))
    seen = [card["id"] for one in pages for card in one["conversations"]]
    assert len(pages) == 3
    newest_first = sort in {"last", "opened"}
    assert seen == (made[::-1] if newest_first else made)


async def test_more_than_are_listed_by_number_come_page_by_page_too(
    house: House, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.search.matching.MAX_LISTED", 2)
    monkeypatch.setattr(listing, "MAX_COUNTED", 4)
    made = [await waiting(conversations, f"Frage {number}", f"visitor-{number}") for number in range(5)]
    desk = await desk_of(house)
    first = await page(desk, q="frage", limit="3", count="")
    rest = await page(desk, q="frage", limit="3", after=first["after"])
    assert [card["id"] for card in first["conversations"] + rest["conversations"]] == made[::-1]
    assert (first["count"], first["has_more"]) == (4, True)


async def test_a_place_of_another_order_is_refused(house: House, conversations: Conversations) -> None:
    for number in range(2):
        await waiting(conversations, "Hallo", f"visitor-{number}")
    desk = await desk_of(house)
    after = (await page(desk, sort="last", limit="1"))["after"]
    for place in (after, "x", "bnVsbA"):
        answer = await desk.browser.get(f"/desk/api/conversations?view=all&sort=opened&after={place}")
        assert answer.status_code == 422, place


async def test_a_list_is_narrowed_down_by_what_is_known(house: House, conversations: Conversations) -> None:
    mine, other = await waiting(conversations, "Mein Paket", "one"), await waiting(conversations, "Mein Geld", "two")
    mia = await desk_of(house)
    await mia.accept(mine)
    agent = (await agent_by_email(house.db, "mia@example.org")).id
    async with conversations.db.write() as session:
        team = Team(name="Versand")
        session.add(team)
        await session.flush()
        angry = (Trigger(kind=TriggerKind.FRUSTRATION, turns=(2,), text="!"),)
        handoff = update(Handoff).where(Handoff.conversation_id == mine)
        await session.execute(handoff.values(team_id=team.id, topic="delivery", triggers=angry))
        session.add(Feedback(conversation_id=mine, turn_id="t", helpful=False))
        old = update(Conversation).where(Conversation.id == mine)
        await session.execute(old.values(language="en", changed_at=now() - timedelta(days=3)))
        wanted = {"team": team.id}
    yesterday = (now() - timedelta(days=1)).isoformat()
    wanted |= {"agent": "me", "topic": "delivery", "mood": "upset", "rating": "bad", "language": "en"}
    wanted |= {"status": "assigned", "until": yesterday, "channel": "webchat"}
    for name, value in wanted.items():
        found = await listed(mia, **{name: value})
        assert found == ([other, mine] if name == "channel" else [mine]), name
    assert await listed(mia, **wanted) == [mine]
    assert await listed(mia, since=yesterday) == [other]
    assert await listed(mia, agent=agent, status="queued") == []
    assert await listed(mia, mood="abusive") == await listed(mia, rating="good") == []


@pytest.mark.parametrize("wanted", ["channel=pigeon", "since=yesterday", "limit=0", "limit=1000", "sort=best"])
async def test_what_can_not_be_asked_is_refused(house: House, wanted: str) -> None:
    desk = await desk_of(house)
    assert (await desk.browser.get(f"/desk/api/conversations?{wanted}")).status_code == 422


async def test_the_choices_have_names(house: House, conversations: Conversations) -> None:
    await waiting(conversations)
    found = await (await desk_of(house)).ask("filters")
    assert "Mia" in [one["name"] for one in found["agent"]]
    assert {"id": "de", "name": "Deutsch"} in found["language"]


async def test_a_kept_view_is_ones_own_until_it_is_shared(house: House) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    kept = (await mia.send("views", {"name": "Ärger", "wanted": {"mood": "upset"}})).json()
    assert [view["name"] for view in (await mia.ask("views"))["views"]] == ["Ärger"]
    assert (await jo.ask("views"))["views"] == []
    assert (await jo.send(f"views/{kept['id']}/drop")).status_code == 404
    assert (await mia.send("views", {"name": "Alle", "wanted": {}, "shared": True})).status_code == 403
    assert (await mia.send(f"views/{kept['id']}/drop")).status_code == 204


async def test_a_team_sees_what_its_members_share(house: House, conversations: Conversations) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    async with conversations.db.write() as session:
        team = Team(name="Versand")
        session.add(team)
        await session.flush()
        team_id = team.id
    view = {"name": "Versand", "wanted": {"topic": "delivery"}, "team": team_id}
    assert (await mia.send("views", view)).status_code == 403
    async with conversations.db.write() as session:
        for email in ("mia@example.org", "jo@example.org"):
            session.add(TeamMember(team_id=team_id, agent_id=(await agent_by_email(conversations.db, email)).id))
    assert (await mia.send("views", view)).status_code == 201
    [seen] = (await jo.ask("views"))["views"]
    assert (seen["name"], seen["is_own"], seen["wanted"]) == ("Versand", False, {"topic": "delivery"})


async def test_a_search_finds_what_was_said_by_anybody(house: House, conversations: Conversations) -> None:
    mine = await waiting(conversations)
    desk = await desk_of(house)
    epoch = await desk.accept(mine)
    mia = await agent_by_email(house.db, "mia@example.org")
    await drive(conversations).answer(mine, mia.id, epoch, "Sie hören von uns", "c1")
    await desk.send(f"conversations/{mine}/notes", {"text": "Lager fragen", "client_id": "n1"})
    assert await listed(desk, q="lager") == await listed(desk, q="hören") == [mine]
