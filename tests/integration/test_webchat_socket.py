"""The web chat's socket as docs/protocol.md describes it, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from connectors.contract import Author
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.log_epoch import renew_log_epoch
from store.db import Database
from store.errors import Unavailable
from store.models import Conversation, Message, MessageKind, VisitorToken, now
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.harness import hire, log_of
from tests.integration.webchat_server import served
from tests.sample_articles import fill, reading_bot


@pytest.fixture
async def at(tmp_path: Path, sqlite_url: str) -> AsyncIterator[tuple[AppComponents, str]]:
    async with served(tmp_path, sqlite_url) as found:
        yield found


def client(address: str, **fields: Any) -> ChatClient:
    return ChatClient(f"ws://{address}/webchat/ws", f"http://{address}", **fields)


@asynccontextmanager
async def opened(address: str, **hello: Any) -> AsyncIterator[ClientConnection]:
    """A bare socket that has said hello."""
    async with connect(f"ws://{address}/webchat/ws", origin=f"http://{address}") as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"type": "hello", "protocol": 1} | hello))
        yield socket


async def frames_until(socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Frames up to the first of a type."""
    frames: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not frames or frames[-1]["type"] != kind:
            frames.append(json.loads(await socket.recv()))
    return frames


async def rest_of(socket: ClientConnection) -> list[str]:
    """Every frame until the server closes."""
    frames: list[str] = []
    with suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            while True:
                frames.append(str(await socket.recv()))
    return frames


async def test_lines_of_other_processes_and_of_this_one_come_in_their_order(at: tuple[AppComponents, str]) -> None:
    parts, address = at
    mia = await hire(parts, "Mia")
    here = drive(parts.conversations)
    elsewhere = drive(Conversations(parts.db, ChangeHints(), parts.settings))
    async with client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the welcome")
        conversation = customer.state["conversation"]
        owner = await here.accept(conversation, mia)
        for number in range(6):
            desk = (here, elsewhere)[number % 2]
            said = await desk.answer(conversation, mia, owner.epoch, f"Line {number}", f"c{number}")
            if desk is elsewhere and number != 3:  # the hint at line 3 was lost
                parts.live.changed(conversation, said.seq)
        await customer.until(lambda it: len(it.texts("agent")) == 6, "the agent's lines")

        assert customer.texts("agent") == [f"Line {number}" for number in range(6)]
        assert customer.state["agent"] == {"name": "Mia"}


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1.evil.example"])
async def test_f77_another_sites_page_is_refused(at: tuple[AppComponents, str], origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(f"ws://{at[1]}/webchat/ws", origin=origin):  # type: ignore[arg-type]
            pass
    assert refusal.value.response.status_code == 403


async def test_f66_a_drop_in_the_middle_brings_exactly_the_missing_lines(at: tuple[AppComponents, str]) -> None:
    parts, address = at
    async with client(address) as customer:
        customer.say("Where is my parcel?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        token, seen, epoch = customer.token, customer.last_seq, customer.log_epoch
        conversation_id = customer.state["conversation"]
    mia = await hire(parts, "Mia")
    owner = await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).answer(conversation_id, mia, owner.epoch, "Hello from Mia", "c1")

    async with opened(address, token=token, last_seq=seen, log_epoch=epoch) as socket:
        frames = await frames_until(socket, "ready")
    lines = [frame for frame in frames if frame["type"] == "message"]
    assert [line["seq"] for line in lines] == list(range(seen + 1, lines[-1]["seq"] + 1))
    assert lines[-1]["text"] == "Hello from Mia"
    assert frames[0]["agent"] == {"name": "Mia"}


async def test_f71_two_tabs_show_the_same(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as first:
        await first.until(lambda it: it.is_ready, "the greeting")
        async with client(at[1], token=first.token) as second:
            first.say("from the first tab")
            second.say("from the second tab")
            await first.until(lambda it: len(it.texts("contact")) == 2 and len(it.texts("bot")) >= 2, "both")
            await second.until(lambda it: it.last_seq == first.last_seq, "the same")
            assert first.lines == second.lines


async def test_f67_the_same_id_five_times_is_one_line_and_one_receipt(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        for _ in range(5):
            customer.raw({"type": "message", "client_id": "same", "text": "Where?"})
        await customer.until(
            lambda it: sum(frame["type"] == "ack" for frame in it.frames) == 5, "five acknowledgements"
        )
        assert len({frame["seq"] for frame in customer.frames if frame["type"] == "ack"}) == 1
        assert customer.texts("contact") == ["Where?"]


async def test_f68_the_same_id_with_other_words_is_a_conflict(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        customer.raw({"type": "message", "client_id": "same", "text": "first"})
        customer.raw({"type": "message", "client_id": "same", "text": "second"})
        await customer.until(lambda it: any(frame["type"] == "error" for frame in it.frames), "the refusal")
        error = next(frame for frame in customer.frames if frame["type"] == "error")
        assert (error["code"], error["client_id"]) == ("conflict", "same")


@pytest.mark.parametrize("hello", [{"last_seq": -3}, {"last_seq": 10**12}, {"last_seq": "x"}, {"log_epoch": "older"}])
async def test_f69_f70_a_doubtful_position_is_a_fresh_start_with_everything(
    at: tuple[AppComponents, str], hello: dict[str, Any]
) -> None:
    async with client(at[1]) as customer:
        customer.say("Where is my parcel?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        known = {"token": customer.token, "last_seq": 1, "log_epoch": customer.log_epoch}
        everything = customer.lines
        async with opened(at[1], **(known | hello)) as socket:
            frames = await frames_until(socket, "ready")
    assert frames[1]["type"] == "resync"
    assert [frame for frame in frames if frame["type"] == "message"] == everything


async def test_f70_whoever_is_far_behind_gets_what_a_newcomer_gets(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
    async with at[0].db.write() as session:
        conversation = await session.get_one(Conversation, customer.state["conversation"])
        first = conversation.last_seq + 1
        conversation.last_seq += 600
        session.add_all(
            Message(
                conversation_id=conversation.id,
                seq=seq,
                epoch=conversation.epoch,
                kind=MessageKind.OUTGOING,
                author=Author.AGENT,
                text=f"line {seq}",
            )
            for seq in range(first, first + 600)
        )
    known = {"token": customer.token, "log_epoch": customer.log_epoch}
    async with opened(at[1], **known, last_seq=1) as behind, opened(at[1], **known) as fresh:
        frames, newcomers = [(await frames_until(socket, "ready"))[1:] for socket in (behind, fresh)]
    assert frames[0] == {"type": "resync", "reason": "too_far_behind"}
    assert [frame["seq"] for frame in frames[1:-1]] == list(range(first + 100, first + 600))
    assert frames == newcomers


def failing_at_first[**P, T](work: Callable[P, Awaitable[T]], times: int) -> Callable[P, Awaitable[T]]:
    """`work`, whose first calls find no database."""
    left = [None] * times

    async def attempt(*arguments: P.args, **named: P.kwargs) -> T:
        if left:
            left.pop()
            raise Unavailable("The database is away.")
        return await work(*arguments, **named)

    return attempt


async def test_a_log_that_can_not_be_read_just_now_closes_no_socket(
    at: tuple[AppComponents, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, address = at
    async with client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        monkeypatch.setattr(parts.visitors, "lines", failing_at_first(parts.visitors.lines, 2))
        customer.say("Where is my parcel?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        assert customer.connections == 1


async def test_a_newcomer_waits_connected_while_the_database_is_away(
    at: tuple[AppComponents, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, address = at
    monkeypatch.setattr(parts.visitors, "visit", failing_at_first(parts.visitors.visit, 1))
    async with client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        told = customer.frames[0]
        assert (told["code"], told["client_id"], told["retry_after"] > 0) == ("slow_down", None, True)
        assert customer.connections == 1


@pytest.mark.parametrize("token", ["", "x" * 43, "../../etc", "a" * 300])
async def test_f69_f78_a_guessed_token_opens_nothing_but_a_new_conversation(
    at: tuple[AppComponents, str], token: str
) -> None:
    async with client(at[1]) as customer:
        customer.say("my secret order")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        async with opened(at[1], token=token, last_seq=1, log_epoch=customer.log_epoch) as socket:
            frames = await frames_until(socket, "ready")
        assert frames[0]["conversation"] != customer.state["conversation"]
        assert "my secret order" not in json.dumps(frames)


async def test_f78_a_token_that_has_expired_opens_nothing_but_a_new_conversation(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
    async with at[0].db.write() as session:
        await session.execute(update(VisitorToken).values(expires_at=now() - timedelta(seconds=1)))
    async with opened(at[1], token=customer.token, last_seq=1, log_epoch=customer.log_epoch) as socket:
        frames = await frames_until(socket, "ready")
    assert frames[0]["conversation"] != customer.state["conversation"]
    assert frames[0]["token"] != customer.token


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"type": "base"}',
        '{"type": "__class__"}',
        '{"type": "message"}',
        '{"type": "message", "client_id": {}, "text": "x"}',
        '{"type": "choice", "client_id": "a", "seq": 1e999, "choice": 0}',
        '{"type": "seen", "seq": NaN}',
        "[" * 2000,
    ],
)
async def test_f80_a_frame_that_is_none_ends_the_connection_without_a_word(
    at: tuple[AppComponents, str], body: str
) -> None:
    async with opened(at[1]) as socket:
        await frames_until(socket, "ready")
        await socket.send(body)
        assert not any("rror" in frame for frame in await rest_of(socket))
        assert socket.close_code == 4400


async def test_f74_a_huge_frame_ends_the_connection(at: tuple[AppComponents, str]) -> None:
    async with opened(at[1]) as socket:
        await frames_until(socket, "ready")
        await socket.send("x" * 100_000)
        await rest_of(socket)
        assert socket.close_code == 1009


async def test_f74_half_a_character_ends_the_connection(at: tuple[AppComponents, str]) -> None:
    async with opened(at[1]) as socket:
        await frames_until(socket, "ready")
        await socket.send(b'{"type": "\xff"}', text=True)
        await rest_of(socket)
        assert socket.close_code == 1007


async def test_f74_a_frame_in_ten_thousand_pieces_ends_the_connection(at: tuple[AppComponents, str]) -> None:
    async with opened(at[1]) as socket:
        await frames_until(socket, "ready")
        with suppress(ConnectionClosed):
            await socket.send("x" * 10 for _ in range(10_000))
        await rest_of(socket)
        assert socket.close_code == 1009


async def test_f12_a_server_that_stops_says_that_it_comes_back(tmp_path: Path, sqlite_url: str) -> None:
    async with AsyncExitStack() as open_sockets:
        async with served(tmp_path, sqlite_url) as (_, address):
            socket = await open_sockets.enter_async_context(opened(address))
            await frames_until(socket, "ready")
        await rest_of(socket)
        assert socket.close_code == 1012


async def test_f87_too_many_messages_at_once_are_asked_to_slow_down(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        for number in range(12):
            customer.raw({"type": "message", "client_id": f"n{number}", "text": f"message {number}"})
        await customer.until(lambda it: any(frame.get("code") == "slow_down" for frame in it.frames), "slow down")
        assert 5 <= len(customer.acks) + sum(f["type"] == "ack" for f in customer.frames) // 2 <= 12


async def test_a_button_that_was_never_offered_is_refused(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        customer.tap(1, 0)
        await customer.until(lambda it: any(frame.get("code") == "unknown_choice" for frame in it.frames), "a refusal")
        customer.say("still here?")
        await customer.until(lambda it: "still here?" in it.texts("contact"), "the message after it")


async def test_notes_between_agents_never_reach_the_customer(at: tuple[AppComponents, str]) -> None:
    parts, address = at
    async with client(address) as customer:
        customer.say("Where is my parcel?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        mia = await hire(parts, "Mia Secretive")
        conversation_id = customer.state["conversation"]
        await drive(parts.conversations).note(conversation_id, mia, "difficult customer", "n1")
        owner = await drive(parts.conversations).accept(conversation_id, mia)
        await drive(parts.conversations).answer(conversation_id, mia, owner.epoch, "Hello", "c1")
        await customer.until(lambda it: "Hello" in it.texts("agent"), "the answer")
        note = next(line for line in customer.lines if line["kind"] == "hidden")
        assert (note["text"], note["name"], note["html"]) == ("", "", None)
        assert "difficult" not in json.dumps(customer.frames)


async def test_typing_is_seen_by_the_other_side_only(at: tuple[AppComponents, str]) -> None:
    parts, address = at
    async with client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        conversation_id = customer.state["conversation"]
        async with parts.live.subscribe("desk") as desk:
            customer.raw({"type": "typing", "on": True})
            async with asyncio.timeout(20):
                while getattr(await desk.next(), "author", "") != "contact":
                    pass
        assert parts.live.is_contact_writing(conversation_id)
        parts.live.typing(conversation_id, author="agent", name="Mia", on=True)
        await customer.until(lambda it: any(frame["type"] == "typing" for frame in it.frames), "the agent writing")
        typists = {frame["author"] for frame in customer.frames if frame["type"] == "typing"}
        assert typists == {"agent"}


async def test_f31_f70_after_a_restored_backup_open_chats_start_over(tmp_path: Path, sqlite_url: str) -> None:
    async with served(tmp_path, sqlite_url) as (_, address), client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        token, epoch = customer.token, customer.log_epoch
    db = Database(sqlite_url)
    await renew_log_epoch(db)
    await db.close()
    async with (
        served(tmp_path, sqlite_url) as (_, address),
        opened(address, token=token, last_seq=1, log_epoch=epoch) as socket,
    ):
        frames = await frames_until(socket, "ready")
    assert [frame["type"] for frame in frames] == ["welcome", "resync", "message", "ready"]
    assert frames[1]["reason"] == "other_log"


async def test_f87_the_ration_of_messages_is_one_for_all_tabs_of_a_visitor(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as first:
        await first.until(lambda it: it.is_ready, "the greeting")
        async with client(at[1], token=first.token) as second, client(at[1]) as stranger:
            await second.until(lambda it: it.is_ready, "the second tab")
            await stranger.until(lambda it: it.is_ready, "somebody else")
            for number in range(5):
                first.raw({"type": "message", "client_id": f"a{number}", "text": f"message {number}"})
            await first.until(lambda it: len([f for f in it.frames if f["type"] == "ack"]) == 5, "all of the ration")
            for number in range(5):
                second.raw({"type": "message", "client_id": f"b{number}", "text": f"message {number}"})
            await second.until(lambda it: any(frame.get("code") == "slow_down" for frame in it.frames), "slow down")
            stranger.say("not my ration")
            await stranger.until(lambda it: it.texts("contact") == ["not my ration"], "the stranger's message")
            assert not any(frame.get("code") == "slow_down" for frame in stranger.frames)


def suggested(customer: ChatClient) -> list[dict[str, Any]]:
    return [frame for frame in customer.frames if frame["type"] == "suggestions"]


async def test_what_is_being_written_brings_articles_and_is_stored_nowhere(at: tuple[AppComponents, str]) -> None:
    await fill(at[0])
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        customer.raw({"type": "suggest", "id": 7, "text": "Wie schicke ich etwas zurück"})
        await customer.until(suggested, "suggestions")
        answer = suggested(customer)[0]
        assert answer["id"] == 7
        assert answer["items"][0] == {"article": "returns", "question": "Wie schicke ich etwas zurück?"}
        assert len(answer["items"]) <= 3
        assert len(await log_of(at[0], customer.state["conversation"])) == 1


async def test_only_the_last_of_many_drafts_is_sure_to_be_answered(at: tuple[AppComponents, str]) -> None:
    await fill(at[0])
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        for number in range(1, 9):
            customer.raw({"type": "suggest", "id": number, "text": "Wie schicke ich etwas zurück"[: 12 + number * 2]})
        await customer.until(lambda it: any(frame["id"] == 8 for frame in suggested(it)), "the answer to the last")
        assert [frame["id"] for frame in suggested(customer)] == sorted(frame["id"] for frame in suggested(customer))


async def test_a_suggestion_is_asked_in_its_own_words_and_answered_by_its_article(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address), client(address) as customer:
        await fill(parts)
        await customer.until(lambda it: it.is_ready, "the greeting")
        for _ in range(2):
            customer.raw({"type": "suggestion", "client_id": "s1", "article": "returns"})
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")

        assert customer.texts("contact") == ["Wie schicke ich etwas zurück?"]
        answer = customer.lines[-1]
        assert answer["fold"] == 1
        assert answer["html"].startswith("<p>Sie melden die Rücksendung im Konto an.</p>")
        assert "<ol>" in answer["html"]
        assert answer["article"]["link"].startswith(f"{parts.links.origin}/help/de/wie-schicke-ich-etwas-zurueck-")
        assert [each["question"] for each in answer["related"]] == ["Was kostet die Rücksendung?"]
        stored = await log_of(parts, customer.state["conversation"])
        assert stored[1].payload == '/faq{"article": "returns"}'


@pytest.mark.parametrize("text", ['/faq{"article": "returns"}', "/restart", "/ask_person"])
async def test_f41_words_that_look_like_a_payload_are_words(at: tuple[AppComponents, str], text: str) -> None:
    async with client(at[1]) as customer:
        customer.say(text)
        await customer.until(lambda it: it.texts("contact") == [text], "the message")
        stored = await log_of(at[0], customer.state["conversation"])
        assert (stored[1].text, stored[1].payload) == (text, None)


async def test_an_article_that_is_not_published_can_not_be_taken_up(at: tuple[AppComponents, str]) -> None:
    async with client(at[1]) as customer:
        await customer.until(lambda it: it.is_ready, "the greeting")
        customer.raw({"type": "suggestion", "client_id": "s1", "article": 'x"}/restart{"'})
        await customer.until(lambda it: any(frame.get("code") == "unknown_choice" for frame in it.frames), "a refusal")
        assert customer.texts("contact") == []


async def test_nothing_is_suggested_while_a_person_answers(at: tuple[AppComponents, str]) -> None:
    parts, address = at
    await fill(parts)
    async with client(address) as customer:
        customer.say("Hallo")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        mia = await hire(parts, "Mia")
        await drive(parts.conversations).accept(customer.state["conversation"], mia)
        await customer.until(lambda it: it.state["status"] == "assigned", "Mia")
        customer.raw({"type": "suggest", "id": 1, "text": "Wie schicke ich etwas zurück"})
        customer.raw({"type": "ping"})
        await customer.until(lambda it: it.frames[-1]["type"] == "pong", "the pong after it")
        await drive(parts.conversations).return_to_bot(customer.state["conversation"], mia)
        await customer.until(lambda it: it.state["status"] == "bot", "the bot again")
        customer.raw({"type": "suggest", "id": 2, "text": "Wie schicke ich etwas zurück"})
        await customer.until(suggested, "suggestions")
        assert [frame["id"] for frame in suggested(customer)] == [2]


async def test_the_commands_of_the_other_channels_work_here_and_any_other_slash_is_text(
    at: tuple[AppComponents, str],
) -> None:
    parts, address = at
    async with client(address) as chat:
        await chat.until(lambda it: it.is_ready, "the connection")
        chat.say("/vergessen")
        await chat.until(lambda it: len(it.acks) == 1, "the first acknowledgement")
        chat.say('/faq{"article":"x"}')
        await chat.until(lambda it: len(it.acks) == 2, "the second")
        lines = await log_of(parts, chat.state["conversation"])

    assert [button.title for button in lines[2].choices] == ["Ja, alles löschen", "Nein, behalten"]
    assert lines[3].payload is None
