"""What the desk's page asks for: lists, one conversation, accepting, answering, passing on; and its socket."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.accounts.agents import deactivate
from helpdesk.accounts.sessions import Sessions
from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from store.models import Handoff, now
from tests.conversation_driver import drive
from tests.integration.desk_client import cookies_of, desk_of, heard, opened, waiting
from tests.integration.staff import ORIGIN, House, agent_by_email, served

ADDRESS = Address(channel=Channel.WEBCHAT, account="main", chat_id="visitor-1")


async def test_the_queue_shows_who_waits_longest_first_and_why(house: House, conversations: Conversations) -> None:
    first = await waiting(conversations, "Wo bleibt mein Paket?", "visitor-1")
    second = await waiting(conversations, "Ich will mein Geld zurück!", "visitor-2")
    async with conversations.db.write() as session:  # not by the machine's clock, which may be set back in between
        earlier = update(Handoff).where(Handoff.conversation_id == first).values(asked_at=now() - timedelta(minutes=1))
        await session.execute(earlier)
    found = await (await desk_of(house)).ask("conversations?view=queue")
    assert [card["id"] for card in found["conversations"]] == [first, second]
    assert found["counts"]["queue"] == 2
    card = found["conversations"][0]
    assert card["triggers"] == [{"kind": "asked", "turns": [2], "text": "Wo bleibt mein Paket?"}]
    assert card["waiting_since"].endswith("Z")
    assert card["language"] == "de"


async def test_a_conversation_shows_its_lines_and_its_story(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    found = await (await desk_of(house)).ask(f"conversations/{conversation_id}")
    asked = next(line for line in found["lines"] if line["author"] == "contact")
    assert (asked["seq"], asked["text"]) == (2, "Wo bleibt mein Paket?")
    labels = [line["label"] for line in found["conversation"]["summary"]["lines"]]
    assert labels[0] == "request"
    assert [line["seq"] for line in found["lines"]] == list(range(1, found["conversation"]["last_seq"] + 1))


async def test_only_what_is_newer_or_older_comes_when_asked_for(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    for n in range(4):
        body = {"text": f"Notiz {n}", "client_id": f"n{n}"}
        assert (await desk.send(f"conversations/{conversation_id}/notes", body)).status_code == 201
    everything = (await desk.ask(f"conversations/{conversation_id}"))["lines"]
    newer = (await desk.ask(f"conversations/{conversation_id}?after=3"))["lines"]
    older = (await desk.ask(f"conversations/{conversation_id}?before=4"))["lines"]
    assert [line["seq"] for line in older + newer] == [line["seq"] for line in everything]
    assert (await desk.ask(f"conversations/{conversation_id}?before=1"))["lines"] == []


async def test_f81_the_second_to_accept_learns_who_was_first(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    answers = await asyncio.gather(*(desk.send(f"conversations/{conversation_id}/accept") for desk in (mia, jo)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    winner = "Mia" if answers[0].status_code == 200 else "Jo"
    assert refused.json()["error"]["message"] == f"{winner} hat dieses Gespräch schon übernommen."


async def test_accept_answer_and_resolve(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    epoch = await desk.accept(conversation_id)
    body = {"text": "Ihr Paket ist **morgen** da.", "client_id": "c1", "epoch": epoch}
    sent = await desk.send(f"conversations/{conversation_id}/messages", body)
    again = await desk.send(f"conversations/{conversation_id}/messages", body)
    assert sent.status_code == again.status_code == 201
    assert sent.json()["seq"] == again.json()["seq"]
    lines = (await desk.ask(f"conversations/{conversation_id}"))["lines"]
    mine = [line for line in lines if line["author"] == "agent"]
    assert [(line["name"], line["html"].strip(), line["client_id"]) for line in mine] == [
        ("Mia", "<p>Ihr Paket ist <strong>morgen</strong> da.</p>", "c1")
    ]
    done = await desk.send(f"conversations/{conversation_id}/resolve")
    assert done.json()["conversation"]["card"]["status"] == "resolved"
    assert [card["id"] for card in (await desk.ask("conversations?view=resolved"))["conversations"]] == [
        conversation_id
    ]


async def test_a_resolved_conversation_is_opened_again_by_an_agent_and_the_customer_reads_it(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    assert (await mia.send(f"conversations/{conversation_id}/reopen")).status_code == 409
    await mia.send(f"conversations/{conversation_id}/resolve")

    again = await jo.send(f"conversations/{conversation_id}/reopen")

    card = again.json()["conversation"]["card"]
    assert (card["status"], card["agent_name"]) == ("assigned", "Jo")
    lines = (await jo.ask(f"conversations/{conversation_id}"))["lines"]
    assert lines[-1]["event"] == "reopen"
    assert "Jo hat das Gespräch wieder geöffnet" in lines[-1]["text"]


async def test_my_conversations_with_something_new_are_counted(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    last = (await desk.ask(f"conversations/{conversation_id}"))["conversation"]["last_seq"]
    await desk.send(f"conversations/{conversation_id}/seen", {"seq": last})
    assert (await desk.ask("conversations"))["counts"]["unread"] == 0

    address = Address(channel=Channel.WEBCHAT, account="main", chat_id="visitor-1")
    hello = InboundMessage(address=address, contact_id="visitor-1", external_id="visitor-1-2", text="Hallo?")
    await drive(conversations).receive(hello)
    counts = (await desk.ask("conversations"))["counts"]
    assert (counts["unread"], counts["mine"], counts["queue"]) == (1, 1, 0)


async def test_f83_an_answer_under_an_old_epoch_is_not_sent(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    epoch = await mia.accept(conversation_id)
    jos_id = (await agent_by_email(house.db, "jo@example.org")).id
    assert (await mia.send(f"conversations/{conversation_id}/transfer", {"to": jos_id})).status_code == 200
    await jo.accept(conversation_id)
    late = await mia.send(f"conversations/{conversation_id}/messages", {"text": "x", "client_id": "c", "epoch": epoch})
    assert late.status_code == 409
    assert late.json()["error"]["code"] == "stale_epoch"
    detail = (await jo.ask(f"conversations/{conversation_id}"))["conversation"]
    assert detail["card"]["agent_name"] == "Jo"


@pytest.mark.parametrize(("verb", "status"), [("release", "queued"), ("return", "bot"), ("resolve", "resolved")])
async def test_an_agent_passes_the_baton_on(house: House, conversations: Conversations, verb: str, status: str) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    answer = await desk.send(f"conversations/{conversation_id}/{verb}")
    assert answer.json()["conversation"]["card"]["status"] == status
    refused = await desk.send(f"conversations/{conversation_id}/release")
    assert refused.status_code == 409


async def test_f86_a_transfer_to_oneself_or_to_nobody_known_is_refused(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    desk, jo = await desk_of(house), await desk_of(house, "Jo")
    await desk.accept(conversation_id)
    mias_id = (await agent_by_email(house.db, "mia@example.org")).id
    jos_id = (await agent_by_email(house.db, "jo@example.org")).id
    await deactivate(house.db, jos_id)
    for to, status in ((mias_id, 409), (jos_id, 404), ("0" * 32, 404)):
        assert (await desk.send(f"conversations/{conversation_id}/transfer", {"to": to})).status_code == status
    assert (await jo.browser.get("/desk")).status_code == 303


async def test_a_note_stays_in_the_house_and_anybody_may_write_one(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    note = await desk.send(f"conversations/{conversation_id}/notes", {"text": "Stammkunde", "client_id": "n1"})
    assert note.status_code == 201
    lines = (await desk.ask(f"conversations/{conversation_id}"))["lines"]
    assert (lines[-1]["kind"], lines[-1]["delivery"]) == ("note", None)


async def test_only_the_owner_is_shown_as_writing(
    house: House, conversations: Conversations, live: ChangeHints
) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    assert (await jo.send(f"conversations/{conversation_id}/typing", {"on": True})).status_code == 403
    async with live.subscribe(f"conversation:{conversation_id}") as hints:
        assert (await mia.send(f"conversations/{conversation_id}/typing", {"on": True})).status_code == 204
        hint = await asyncio.wait_for(hints.next(), 5)
    assert (getattr(hint, "name", None), getattr(hint, "on", None)) == ("Mia", True)


async def test_what_the_owner_has_read_is_kept(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.accept(conversation_id)
    assert (await desk.send(f"conversations/{conversation_id}/seen", {"seq": 2})).status_code == 204
    assert (await desk.ask(f"conversations/{conversation_id}"))["conversation"]["agent_seen_seq"] >= 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {"text": "x", "client_id": "c"}),
        ("messages", {"text": "", "client_id": "c", "epoch": 1}),
        ("messages", {"text": "x", "client_id": "../c", "epoch": 1}),
        ("messages", {"text": "x", "client_id": "c", "epoch": "1"}),
        ("messages", {"text": "x" * 10_001, "client_id": "c", "epoch": 1}),
        ("messages", {"text": "x", "client_id": "c", "epoch": 1, "seq": 99}),
        ("messages", {"text": "x", "client_id": "c", "epoch": 1, "author": "system"}),
        ("transfer", {"to": None, "agent_id": "x"}),
        ("seen", {"seq": -1}),
        ("typing", {"on": "yes"}),
        ("notes", ["text"]),
        ("important", {"on": "yes"}),
        ("important", {}),
    ],
)
async def test_what_nobody_asked_for_is_refused(
    house: House, conversations: Conversations, path: str, body: object
) -> None:
    conversation_id = await waiting(conversations)
    answer = await (await desk_of(house)).send(f"conversations/{conversation_id}/{path}", body)
    assert answer.status_code == 422
    assert "xxxx" not in answer.text


async def test_a_foreign_id_is_not_found(house: House) -> None:
    desk = await desk_of(house)
    for path in ("accept", "release", "return", "resolve"):
        assert (await desk.send(f"conversations/{'0' * 32}/{path}")).status_code == 404
    assert (await desk.send(f"conversations/{'0' * 32}/typing", {"on": True})).status_code == 404
    assert (await desk.send(f"conversations/{'0' * 32}/important", {"on": True})).status_code == 404
    assert (await desk.browser.get(f"/desk/api/conversations/{'0' * 32}")).status_code == 404


@pytest.mark.parametrize("query", ["view=everything", "view=queue' OR 1=1"])
async def test_an_unknown_list_is_refused(house: House, query: str) -> None:
    desk = await desk_of(house)
    assert (await desk.browser.get(f"/desk/api/conversations?{query}")).status_code == 422


async def test_a_preview_is_what_customers_will_see_without_any_script(house: House) -> None:
    text = "**Ja** <script>alert(1)</script> [x](javascript:alert(1))"
    html = (await (await desk_of(house)).send("preview", {"text": text})).json()["html"]
    assert "<strong>Ja</strong>" in html
    assert "<script" not in html
    assert "href=" not in html


async def test_availability_is_kept_and_seen_by_colleagues(house: House) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    assert (await mia.send("availability", {"availability": "online"})).json() == {"availability": "online"}
    assert (await mia.send("availability", {"availability": "boss"})).status_code == 422
    (seen,) = (await jo.ask("agents"))["agents"]
    assert (seen["name"], seen["availability"]) == ("Mia", "offline"), "her desk isn't open"


async def test_the_page_carries_its_words_and_no_inline_code(house: House) -> None:
    page = (await (await desk_of(house)).browser.get("/desk")).text
    words = json.loads(page.split('id="words">')[1].split("</script>")[0])
    assert words["desk_accept"] == "Übernehmen"
    assert " style=" not in page
    assert "onclick=" not in page
    assert page.count("<script") == 2


async def until_closed(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_the_socket_hints_at_what_changes(house: House, conversations: Conversations, live: ChangeHints) -> None:
    desk = await desk_of(house)
    async with served(house, "ws") as address, opened(address, desk) as socket:
        conversation_id = await waiting(conversations)
        assert (await heard(socket, type="conversation"))["id"] == conversation_id
        await heard(socket, type="queue")
        live.typing(conversation_id, author="agent", name="Mia", on=True)
        live.typing(conversation_id, author="contact", name="", on=True)
        assert (await heard(socket, type="typing"))["author"] == "contact", "one isn't told that one writes oneself"
        await socket.send(json.dumps({"type": "ping"}))
        await heard(socket, type="pong")


async def test_an_open_desk_makes_an_agent_present(house: House) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.send("availability", {"availability": "online"})
    async with served(house, "ws") as address, opened(address, mia) as socket:
        await heard(socket, type="queue")
        (seen,) = (await jo.ask("agents"))["agents"]
        assert seen["availability"] == "online"
        assert (await jo.ask("conversations"))["agents_online"] == 1


@pytest.mark.parametrize("revoke", ["sign_out", "deactivate"])
async def test_f79_the_socket_ends_within_five_seconds_of_the_session(house: House, revoke: str) -> None:
    desk = await desk_of(house)
    agent = await agent_by_email(house.db, "mia@example.org")
    async with served(house, "ws") as address, opened(address, desk) as socket:
        await (deactivate(house.db, agent.id) if revoke == "deactivate" else Sessions(house.db).end_all(agent.id))
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(until_closed(socket), 5)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 4401


@pytest.mark.parametrize(
    ("headers", "origin"),
    [({}, ORIGIN), ({"Cookie": "staffel_agent=invented"}, ORIGIN), ("own", "https://evil.example"), ("own", None)],
)
async def test_f77_the_socket_does_not_open_for_strangers(house: House, headers: Any, origin: str | None) -> None:
    desk = await desk_of(house)
    sent = cookies_of(desk) if headers == "own" else headers
    async with served(house, "ws") as address:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{address}/desk/ws", origin=origin, additional_headers=sent)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"type": "hello"}', 4400),
        ('{"type": "hello", "csrf": "wrong"}', 4403),
        ('{"type": "ping"}', 4400),
        ("[]", 4400),
        ("nonsense", 4400),
    ],
)
async def test_f77_the_cookie_alone_opens_no_socket(house: House, frame: str, code: int) -> None:
    desk = await desk_of(house)
    async with (
        served(house, "ws") as address,
        connect(f"{address}/desk/ws", origin=ORIGIN, additional_headers=cookies_of(desk)) as socket,  # type: ignore[arg-type]
    ):
        await socket.send(frame)
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 5)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == code


async def test_an_agent_downloads_a_conversation_as_the_customer_saw_it(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    await desk.send(f"conversations/{conversation_id}/notes", {"text": "Nur für uns", "client_id": "n1"})

    await desk.send(f"conversations/{conversation_id}/unmask", {})
    file = await desk.browser.get(f"/desk/conversations/{conversation_id}/transcript")
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    assert "Wo bleibt mein Paket?" in file.text
    assert "Nur für uns" not in file.text
    assert (await desk.send(f"conversations/{conversation_id}/accept", {})).status_code == 200
    sent = await desk.send(f"conversations/{conversation_id}/transcript", {})
    assert (sent.status_code, sent.json()["error"]["code"]) == (409, "transcript_no_mail")
    assert (await desk.browser.get("/desk/conversations/" + "0" * 32 + "/transcript")).status_code == 404
