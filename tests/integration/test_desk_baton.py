"""The desk's doors for the handoff's card, offers and promises."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from connectors.contract import Author
from helpdesk.accounts.agents import set_language
from helpdesk.conversations import Conversations
from helpdesk.conversations.log.message_log import MessageLog
from helpdesk.conversations.lookups import lock_conversation
from store.db import Database
from store.models import (
    Article,
    ArticleState,
    AskedQuestion,
    Contact,
    Conversation,
    DecisionRecord,
    Handoff,
    Message,
    MessageFacts,
    MessageKind,
    MoodRecord,
    MoodSignRecord,
    Promise,
    QuestionCandidate,
    Team,
    Variant,
    now,
)
from tests.integration.desk_client import DeskClient, desk_of
from tests.integration.desk_client import waiting as waiting_with_a_promise
from tests.integration.staff import House, agent_by_email

SENTENCE = {"de": "Sie fragt zum dritten Mal.", "en": "She asks for the third time."}


async def waiting(conversations: Conversations, text: str = "Wo bleibt mein Paket?", chat_id: str = "visitor-1") -> str:
    """A conversation in the queue, without what Staffel promises everybody who waits."""
    conversation_id = await waiting_with_a_promise(conversations, text, chat_id)
    async with conversations.db.write() as session:
        await session.execute(delete(Promise))
        handoff = (await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation_id))).one()
        handoff.wording = ""
    return conversation_id


async def set_handoff(db: Database, conversation_id: str, **values: Any) -> None:
    async with db.write() as session:
        handoff = (
            await session.scalars(
                select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None))
            )
        ).one()
        for name, value in values.items():
            setattr(handoff, name, value)


async def opened(desk: DeskClient, conversation_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.ask(f"conversations/{conversation_id}"))["conversation"]
    return found


def promise(minutes: float = 90, **more: Any) -> dict[str, Any]:
    due = (now() + timedelta(minutes=minutes)).isoformat()
    return {"text": "Rückmeldung vom Lager", "due": due, "shown": False, "client_id": "p1"} | more


async def test_the_card_says_what_was_passed_on_and_why(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await set_handoff(
        house.db,
        conversation_id,
        wording="Ihr Paket fehlt.",
        decision=DecisionRecord(sentence=SENTENCE),
        round=2,
        urgency=1,
    )
    found = await opened(desk, conversation_id)
    assert found["confirmation"] == {"text": "Ihr Paket fehlt.", "state": "confirmed", "before": "", "seq": None}
    assert found["card"]["reason"] == SENTENCE
    assert (found["card"]["round"], found["card"]["urgency"]) == (2, 1)
    await set_handoff(house.db, conversation_id, correction="Nein, die Vase ist kaputt.", corrected_seq=2)
    found = await opened(desk, conversation_id)
    assert found["confirmation"] == {
        "text": "Nein, die Vase ist kaputt.",
        "state": "corrected",
        "before": "Ihr Paket fehlt.",
        "seq": 2,
    }
    assert found["card"]["request"] == "Nein, die Vase ist kaputt."


@pytest.mark.parametrize(
    ("topic", "german", "english"),
    [("delivery", "Lieferung und Versand", "Delivery"), ("garden-tools", "Garden tools", "Garden tools")],
)
async def test_the_topic_is_called_by_its_name_in_the_agents_language(
    house: House, conversations: Conversations, topic: str, german: str, english: str
) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    mia = await agent_by_email(house.db, "mia@example.org")
    until = now() + timedelta(minutes=5)
    await set_handoff(house.db, conversation_id, topic=topic, offered_to=mia.id, offered_at=now(), offered_until=until)
    for language, name in (("de", german), ("en", english)):
        await set_language(house.db, mia.id, language)
        found = await desk.ask("conversations?view=queue")
        cards = [*found["conversations"], *found["offers"], (await opened(desk, conversation_id))["card"]]
        assert [card["topic"] for card in cards] == [name] * 3


async def test_who_had_it_the_last_time_is_named(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    assert (await opened(jo, conversation_id))["before"] is None
    await mia.send(f"conversations/{conversation_id}/return")
    await jo.accept(conversation_id)
    assert (await opened(jo, conversation_id))["before"] == "Mia"


async def test_the_mood_comes_with_the_words_that_show_it(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations, "ZUM DRITTEN MAL")
    async with house.db.write() as session:
        message = (await session.scalars(select(Message).where(Message.kind == MessageKind.INCOMING))).one()
        signs = (MoodSignRecord("shouting", message.seq, "ZUM DRITTEN MAL"),)
        mood = MoodRecord(frustration=0.8, abuse=0.1, shown_by=signs)
        message.facts = replace(message.facts, mood=mood)
    found = await opened(await desk_of(house), conversation_id)
    assert found["mood"] == [
        {"seq": 2, "frustration": 0.8, "abuse": 0.1, "signs": [["shouting", 2, "ZUM DRITTEN MAL"]]}
    ]


async def test_articles_that_were_not_given_come_first_and_one_is_fetched(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    async with house.db.write() as session:
        for key, state in (("a", ArticleState.PUBLISHED), ("b", ArticleState.PUBLISHED), ("c", ArticleState.ARCHIVED)):
            session.add(Article(key=key, state=state))
            await session.flush()
            session.add(Variant(article_key=key, language="de", question=f"Frage {key}?", answer=f"**Antwort {key}**"))
        session.add(
            AskedQuestion(
                conversation_id=conversation_id,
                turn_id="t",
                seq=2,
                text="?",
                language="de",
                outcome="answer",
                article="a",
                candidates=(
                    QuestionCandidate("a", 0.9),
                    QuestionCandidate("c", 0.8),
                    QuestionCandidate("b", 0.7),
                ),
            )
        )
    desk = await desk_of(house)
    found = (await opened(desk, conversation_id))["articles"]
    assert [(article["key"], article["given"]) for article in found] == [("b", False), ("a", True)]
    article = await desk.ask("articles/b?language=en")
    assert (article["answer"], article["language"]) == ("**Antwort b**", "de")
    for key in ("c", "nowhere"):
        assert (await desk.browser.get(f"/desk/api/articles/{key}")).status_code == 404


async def test_a_withheld_answer_says_who_had_the_baton(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    async with house.db.write() as session:
        conversation = await lock_conversation(session, conversation_id)
        late = MessageFacts(withheld=True)
        MessageLog(session, conversation).append(MessageKind.NOTE, Author.BOT, "Zu spät", facts=late)
    last = (await desk.ask(f"conversations/{conversation_id}"))["lines"][-1]
    assert last["withheld"]
    assert (last["withheld_by"]["event"], last["withheld_by"]["name"]) == ("accept", "Mia")


async def test_the_queue_comes_in_the_order_of_routing(house: House, conversations: Conversations) -> None:
    long, urgent, mine = [await waiting(conversations, chat_id=f"v{n}") for n in range(3)]
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    mias = (await agent_by_email(house.db, "mia@example.org")).id
    until = now() + timedelta(minutes=1)
    await set_handoff(house.db, urgent, urgency=2)
    await set_handoff(house.db, mine, offered_to=mias, offered_at=now(), offered_until=until)
    hers, his = await mia.ask("conversations"), await jo.ask("conversations")
    assert [card["id"] for card in hers["conversations"]] == [mine, urgent, long]
    assert [card["id"] for card in hers["offers"]] == [mine]
    assert [card["id"] for card in his["conversations"]] == [urgent, long, mine]
    assert his["offers"] == []
    assert his["conversations"][-1]["offered_name"] == "Mia"
    assert hers["load"] == {"open": 0, "capacity": 5}


async def test_an_offer_says_why_it_went_to_this_agent(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    mias, until = (await agent_by_email(house.db, "mia@example.org")).id, now() + timedelta(minutes=1)
    why = ["waited", "speaks", "only_free"]
    await set_handoff(house.db, conversation_id, offered_to=mias, offered_until=until, offered_because=tuple(why))
    (offer,) = (await desk.ask("conversations"))["offers"]
    assert offer["offered_because"] == why
    await set_handoff(house.db, conversation_id, offered_until=now() - timedelta(seconds=1))
    assert (await opened(desk, conversation_id))["card"]["offered_because"] == []


async def test_an_offer_that_has_run_out_is_no_offer(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    mia = await desk_of(house, "Mia")
    mias = (await agent_by_email(house.db, "mia@example.org")).id
    gone = now() - timedelta(seconds=1)
    await set_handoff(house.db, conversation_id, offered_to=mias, offered_at=gone, offered_until=gone)
    found = await mia.ask("conversations")
    assert found["offers"] == []
    assert found["conversations"][0]["offered_to"] is None


async def test_nothing_is_declined_that_was_not_offered(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    assert (await (await desk_of(house)).send(f"conversations/{conversation_id}/decline")).status_code == 409


async def test_a_promise_on_the_desk_from_the_form_to_kept(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    made = await desk.send(f"conversations/{conversation_id}/promises", promise(shown=True))
    again = await desk.send(f"conversations/{conversation_id}/promises", promise(shown=True))
    assert (made.status_code, made.json()["id"]) == (201, again.json()["id"])
    (mine,) = (await desk.ask("promises"))["promises"]
    assert (mine["text"], mine["state"], mine["conversation_id"]) == ("Rückmeldung vom Lager", "open", conversation_id)
    listed = await desk.ask("conversations?view=mine")
    assert listed["counts"]["promises"] == 1
    assert listed["conversations"][0]["promise_due"] == mine["due_at"]
    line = next(
        one for one in (await desk.ask(f"conversations/{conversation_id}"))["lines"] if one["event"] == "promised"
    )
    assert line["facts"]["what"] == "Rückmeldung vom Lager"
    assert datetime.fromisoformat(line["facts"]["due"]).tzinfo
    assert (await desk.send(f"promises/{mine['id']}/keep")).json()["state"] == "kept"
    assert (await desk.ask("promises"))["promises"] == []
    assert (await opened(desk, conversation_id))["promises"][0]["state"] == "kept"


async def test_promises_of_others_are_not_ended_and_foreign_ones_not_found(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    promise_id = (await mia.send(f"conversations/{conversation_id}/promises", promise())).json()["id"]
    for verb in ("keep", "withdraw"):
        assert (await jo.send(f"promises/{promise_id}/{verb}")).status_code == 403
        assert (await jo.send(f"promises/{'0' * 32}/{verb}")).status_code == 404
    assert (await jo.send(f"conversations/{conversation_id}/promises", promise(shown=True))).status_code == 403
    assert (await jo.send(f"conversations/{'0' * 32}/promises", promise())).status_code == 404
    without_token = await mia.browser.post(f"/desk/api/promises/{promise_id}/keep", json={})
    assert without_token.status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "x" * 501},
        {"due": "morgen"},
        {"due": "2026-11-24T17:00:00"},
        {"due": "2020-01-01T00:00:00Z"},
        {"shown": "yes"},
        {"client_id": "../p"},
        {"agent_id": "x"},
    ],
)
async def test_a_promise_of_the_wrong_form_is_refused(
    house: House, conversations: Conversations, change: dict[str, Any]
) -> None:
    conversation_id = await waiting(conversations)
    answer = await (await desk_of(house)).send(f"conversations/{conversation_id}/promises", promise() | change)
    assert answer.status_code == 422


async def test_a_transfer_goes_to_a_team_with_its_own_queue(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    async with house.db.write() as session:
        session.add_all([Team(id="t" * 32, name="Versand"), Team(id="u" * 32, name="Früher", active=False)])
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    assert (
        await desk.send(f"conversations/{conversation_id}/transfer", {"to": None, "team": "0" * 32})
    ).status_code == 404
    found = await desk.send(f"conversations/{conversation_id}/transfer", {"to": None, "team": "t" * 32})
    card = found.json()["conversation"]["card"]
    assert (card["status"], card["team"]) == ("queued", "Versand")


async def test_what_the_agent_has_done_goes_back_with_the_baton(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    done = "Das Ersatzpaket ist unterwegs."
    assert (await desk.send(f"conversations/{conversation_id}/return", {"note": done})).status_code == 200
    line = next(
        one for one in (await desk.ask(f"conversations/{conversation_id}"))["lines"] if one["event"] == "return_to_bot"
    )
    assert line["facts"]["done"] == done
    assert done in line["text"]


async def test_who_does_not_have_the_conversation_reads_the_card_masked(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    await set_handoff(house.db, conversation_id, wording="Bitte an karin@example.org schreiben.")
    hers, his = await opened(mia, conversation_id), await opened(jo, conversation_id)
    assert "karin@example.org" in hers["confirmation"]["text"]
    assert "karin@example.org" not in his["confirmation"]["text"]


async def test_teams_and_contact_facts_are_on_the_desk(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    async with house.db.write() as session:
        session.add_all([Team(id="t" * 32, name="Versand"), Team(id="u" * 32, name="Früher", active=False)])
        conversation = await session.get_one(Conversation, conversation_id)
        contact = await session.get_one(Contact, conversation.contact_id)
        contact.important, contact.phone = True, "+49 170 1"
    await set_handoff(house.db, conversation_id, team_id="t" * 32, topic="delivery")
    desk = await desk_of(house)
    assert (await desk.ask("agents"))["teams"] == [{"id": "t" * 32, "name": "Versand"}]
    found = await opened(desk, conversation_id)
    assert (found["card"]["team"], found["card"]["important"]) == ("Versand", True)
    assert found["contact_phone"] == "•••• … 1", "not the agent's conversation"
