"""What comes from Telegram, through the webhook into the log: once, in order, and nobody is met with silence."""

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from telegram.request import HTTPXRequest

from connectors.contract import ASK_HELP
from connectors.telegram.inbound import is_refusal
from store.errors import Conflict, Unavailable
from store.models import AttachmentRecord, AttachmentStatus, Contact, Message
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.telegram import TelegramFault, TelegramFaultKind
from tests.harness import eventually, hire, log_of
from tests.integration.telegram_desk import ORIGIN, SECRET, TelegramDesk, telegram_desk

GROUP = -1009876543210


def with_buttons(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Asks back with two buttons, and repeats what a button meant."""
    if turn["payload"]:
        return [{"text": f"Gedrückt: {turn['payload']}"}]
    return [
        {
            "text": "War das hilfreich?",
            "choices": [
                {"title": "Ja", "payload": "/feedback_helpful"},
                {"title": "Nein", "payload": "/feedback_not_helpful"},
            ],
        }
    ]


async def test_a_text_is_stored_and_answered_in_the_chat(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person("Ida", language="en")
        ida.writes("Where is my parcel? 📦")
        greeting, answer = await desk.sent(ida.id, 2)
        assert "not a person" in greeting.text or "digital" in greeting.text
        assert answer.text == "You said: Where is my parcel? 📦"
        (conversation,) = await desk.conversations()
        assert (conversation.channel, conversation.chat_id, conversation.language) == ("telegram", str(ida.id), "en")


async def test_a_bot_that_was_connected_a_moment_before_the_end_leaves_no_line_open(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("Wo ist es?")
        await desk.sent(ida.id, 2)
        async with desk.connector._clients.using(str(desk.fake.state.bot_id)) as bot:
            lines = [request._client for request in bot._request if isinstance(request, HTTPXRequest)]
        assert [line.is_closed for line in lines] == [False, False]
    assert [line.is_closed for line in lines] == [True, True]


async def test_f44_the_same_update_ten_times_on_two_instances_is_one_message_and_one_answer(
    tmp_path: Path, postgres_url: str
) -> None:
    async with telegram_desk(tmp_path, postgres_url, instances=2) as desk:
        ida = desk.fake.person()
        update = ida.update("message", ida.message("Wo ist es?"))
        answers = await asyncio.gather(*(desk.fake.updates.post(update, door=copy) for copy in range(10)))
        assert [answer.status_code for answer in answers if answer] == [200] * 10
        await desk.sent(ida.id, 2)
        await desk.settled()
        assert [message.text for message in await desk.written()] == ["Wo ist es?"]
        assert [turn["text"] for turn in desk.bot.turns] == ["Wo ist es?"]
        assert len(desk.fake.state.sent_to(ida.id)) == 2


async def test_f45_an_edit_before_its_message_is_stored_in_its_place(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        first = ida.message("Wo ist 4710?")
        edited = ida.update("edited_message", {**first, "text": "Wo ist 4711?", "edit_date": first["date"] + 5})
        for update in (edited, ida.update("message", first)):
            answer = await desk.fake.updates.post(update)
            assert answer is not None
            assert answer.status_code == 200
        await desk.sent(ida.id, 2)
        await desk.settled()
        assert [message.text for message in await desk.written()] == ["Wo ist 4711?"]
        assert [turn["text"] for turn in desk.bot.turns] == ["Wo ist 4711?"]


async def test_f45_an_edit_is_kept_beside_the_words_before(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        message = ida.writes("Wo ist 4710?")
        await desk.answered(ida, "4710")
        ida.edits(message, "Wo ist 4711?")
        await desk.settled()
        (line,) = await desk.written()
        assert (line.text, [edit.before for edit in line.facts.edits or ()]) == ("Wo ist 4711?", ["Wo ist 4710?"])


async def test_f45_a_press_that_comes_before_the_message_does_no_harm(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url, FakeBot(with_buttons)) as desk:
        ida, stranger = desk.fake.person(), desk.fake.person("Max")
        ida.writes("Hallo?")
        asked = await desk.answered(ida, "hilfreich")
        press = stranger.press(asked, "Ja")
        press["callback_query"]["message"]["chat"] = stranger.chat()
        answer = await desk.fake.updates.post(press)
        assert answer is not None
        assert answer.status_code == 200
        await desk.settled()
        assert len(await desk.written()) == 1
        assert "anderen Gespräch" in str(desk.fake.state.press_answers[0][1])


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", "s" * 257, "ü" * 20])
async def test_f46_without_the_secret_nothing_is_read_stored_or_logged(
    tmp_path: Path, sqlite_url: str, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        read = []

        async def body() -> Any:
            read.append(1)
            yield b"{}"

        headers = [(b"x-telegram-bot-api-secret-token", secret.encode("utf-8"))] if secret else []
        url = f"{ORIGIN}/telegram/{desk.fake.state.bot_id}/webhook"
        async with httpx.AsyncClient(transport=Unread(desk)) as client:
            response = await client.post(url, content=body(), headers=headers)
        assert response.status_code == 403
        assert read == []
        assert await desk.written() == []
        if len(secret) > 5:
            assert secret not in caplog.text


class Unread(httpx.AsyncBaseTransport):
    """Talks to the app as a server does that has seen the headers only, and notes whether it asks for the body."""

    def __init__(self, desk: TelegramDesk) -> None:
        self._app = desk.apps[0]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found: dict[str, Any] = {}
        pieces = request.stream.__aiter__()  # type: ignore[union-attr]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": await pieces.__anext__(), "more_body": False}

        async def send(message: Any) -> None:
            found.update(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": request.url.path,
            "raw_path": request.url.raw_path,
            "query_string": b"",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": ("desk.example", 443),
            "client": ("198.51.100.7", 1),
            "root_path": "",
        }
        await self._app(scope, receive, send)
        return httpx.Response(found.get("status", 403))


async def test_f46_an_unknown_bot_and_a_foreign_account_are_refused_alike(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.apps[0]), base_url=ORIGIN) as client:
            response = await client.post(
                "/telegram/1/webhook", json={}, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}
            )
        assert response.status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"no json", 200), (b"[]", 200), (b'{"message": 1}', 200), (b"[" * 100_000, 200), (b"x" * 1_048_577, 413)],
)
async def test_what_can_never_be_stored_is_acknowledged_and_what_is_too_large_refused(
    tmp_path: Path, sqlite_url: str, body: bytes, status: int
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        url = f"/telegram/{desk.fake.state.bot_id}/webhook"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.apps[0]), base_url=ORIGIN) as client:
            response = await client.post(url, content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        assert response.status_code == status


async def test_what_cannot_be_stored_just_now_is_repeated_by_telegram_until_it_is(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        receive, troubles = desk.parts.inbox.receive, [Unavailable("away"), Unavailable("away")]

        async def moody(*arguments: Any, **more: Any) -> Any:
            if troubles:
                raise troubles.pop()
            return await receive(*arguments, **more)

        monkeypatch.setattr(desk.parts.inbox, "receive", moody)
        ida = desk.fake.person()
        ida.writes("Erstens")
        ida.writes("Zweitens")
        await desk.fake.updates.quiet()
        assert [message.text for message in await desk.written()] == ["Erstens", "Zweitens"]
        assert [knock.status for knock in desk.fake.updates.knocks] == [503, 503, 200, 200]


async def test_f53_a_backlog_of_a_day_is_kept_for_people_and_not_answered_by_the_bot(
    tmp_path: Path, database_url: str
) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        people = [desk.fake.person(f"P{number}") for number in range(5)]
        for person in people:
            person.writes("Seit gestern warte ich", age=24 * 3600)
        await desk.fake.updates.quiet()
        assert desk.bot.turns == []
        conversations = await desk.conversations()
        assert {conversation.status for conversation in conversations} == {"queued"}
        await desk.sent(people[0].id, 2)
        await desk.settled()
        assert desk.fake.state.exceeded == []


async def test_f54_a_double_click_is_one_choice_and_the_second_press_is_told_so(
    tmp_path: Path, database_url: str
) -> None:
    async with telegram_desk(tmp_path, database_url, FakeBot(with_buttons)) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo?")
        asked = await desk.answered(ida, "hilfreich")
        presses = [ida.press(asked, "Ja"), ida.press(asked, "Ja")]
        answers = await asyncio.gather(*(desk.fake.updates.post(press) for press in presses))
        assert [answer.status_code for answer in answers if answer] == [200, 200]
        await desk.answered(ida, "Gedrückt: /feedback_helpful")
        await desk.settled()
        assert [turn["payload"] for turn in desk.bot.turns if turn["payload"]] == ["/feedback_helpful"]
        texts = [text for _, text in desk.fake.state.press_answers]
        assert sorted(bool(text) for text in texts) == [False, True]
        assert asked.titles() == ["✓ Ja"]


async def test_f54_a_press_that_telegram_has_given_up_on_still_counts_once(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url, FakeBot(with_buttons)) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo?")
        asked = await desk.answered(ida, "hilfreich")
        press = ida.press(asked, "Nein")
        desk.fake.state.presses.clear()  # older than 150 s: no answer to it is taken any more
        for _ in range(3):
            answer = await desk.fake.updates.post(press)
            assert answer is not None
            assert answer.status_code == 200
        await desk.answered(ida, "Gedrückt: /feedback_not_helpful")
        await desk.settled()
        assert [turn["payload"] for turn in desk.bot.turns if turn["payload"]] == ["/feedback_not_helpful"]
        assert desk.fake.state.press_answers == []


async def test_f55_in_a_group_everybody_has_a_conversation_and_answers_point_to_their_message(
    tmp_path: Path, database_url: str
) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida, max_ = desk.fake.person("Ida"), desk.fake.person("Max")
        ida.writes("Wer kommt heute?", group=GROUP)
        first = ida.writes(f"@{desk.fake.state.username} Was kostet der Versand?", group=GROUP)
        await desk.sent(GROUP, 2)
        second = max_.writes(f"/help@{desk.fake.state.username}", group=GROUP)
        sent = await desk.sent(GROUP, 4)
        assert [message.reply_to for message in sent] == [None, first["message_id"], None, second["message_id"]]
        assert len(await desk.conversations()) == 2
        first_turn, second_turn = desk.bot.turns
        assert first_turn["text"] == "Was kostet der Versand?"
        assert second_turn["payload"] == ASK_HELP


async def test_f55_posts_of_channels_and_of_other_bots_are_passed_over(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        desk.fake.updates.offer(ida.update("channel_post", ida.message("Neu!", group=GROUP)))
        ida.writes("lustig", via_bot={"id": 7, "is_bot": True, "first_name": "GIF", "username": "gif"})
        await desk.fake.updates.quiet()
        assert await desk.written() == []


async def test_a_photo_is_fetched_and_the_bot_says_honestly_what_it_can_read(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        desk.fake.state.files["large"] = b"\x89PNG" * 50_000
        ida = desk.fake.person()
        sizes = [
            {"file_id": size, "file_unique_id": size, "width": wide, "height": wide}
            for size, wide in (("s", 90), ("large", 900))
        ]
        ida.writes(photo=sizes)
        await desk.answered(ida, "kann ich selbst nicht lesen")

        async def kept() -> AttachmentRecord | None:
            async with desk.parts.db.read() as session:
                query = select(AttachmentRecord).where(AttachmentRecord.status == AttachmentStatus.KEPT)
                return await session.scalar(query)

        record = await eventually(kept, "the photo")
        assert record is not None
        stored = await desk.parts.attached.open(record.id, record.conversation_id, notes=True)
        assert b"".join([piece async for piece in stored.pieces]) == desk.fake.state.files["large"]


async def test_a_file_that_is_too_large_is_told_in_plain_words(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.large_files.add("huge")
        ida = desk.fake.person()
        ida.writes(
            document={"file_id": "huge", "file_unique_id": "h", "file_name": "film.mkv", "file_size": 30_000_000}
        )

        async def failed() -> AttachmentRecord | None:
            async with desk.parts.db.read() as session:
                query = select(AttachmentRecord).where(AttachmentRecord.status == AttachmentStatus.FAILED)
                return await session.scalar(query)

        record = await eventually(failed, "the refusal")
        assert record is not None
        assert "20 MB" in str(record.reason)


async def test_a_customer_who_blocks_the_bot_is_marked_and_unmarked(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo?")
        await desk.sent(ida.id, 2)
        for blocked in (True, False):
            ida.blocks(blocked=blocked)
            await desk.fake.updates.quiet()
            async with desk.parts.db.read() as session:
                contact = await session.scalar(select(Contact).where(Contact.external_id == str(ida.id)))
                assert contact is not None
                assert contact.reachable is not blocked


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversations(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida, old, new = desk.fake.person(), -4001, -1004001
        ida.writes(f"@{desk.fake.state.username} Hallo?", group=old)
        await desk.sent(old, 2)
        ida.writes(group=old, migrate_to_chat_id=new)
        ida.writes(group=new, migrate_from_chat_id=old)
        await desk.fake.updates.quiet()
        ida.writes(f"@{desk.fake.state.username} Weiter?", group=new)
        await desk.sent(new, 1)
        (conversation,) = await desk.conversations()
        assert conversation.chat_id == str(new)


async def test_a_person_is_asked_for_and_their_words_carry_their_name(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        mia = await hire(desk.parts, "Mia")
        ida = desk.fake.person(language="de")
        ida.writes("/human Mein Paket ist weg")
        await desk.answered(ida, "Stelle")
        (conversation,) = await desk.conversations()
        accepted = await drive(desk.parts.conversations).accept(conversation.id, mia)
        assert accepted is not None
        await desk.answered(ida, "Mia ist jetzt für Sie da")
        desk.parts.live.typing(conversation.id, author="agent", name="Mia", on=True)

        async def typing() -> bool:
            return bool(desk.fake.state.called("sendChatAction"))

        await eventually(typing, "the sign of typing")


async def test_a_sign_on_the_message_says_that_it_is_with_the_agent_who_has_the_conversation(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        mia = await hire(desk.parts, "Mia")
        ida = desk.fake.person(language="de")
        first = ida.writes("/human Mein Paket ist weg")
        await desk.answered(ida, "Stelle")
        (conversation,) = await desk.conversations()
        await drive(desk.parts.conversations).accept(conversation.id, mia)
        await desk.answered(ida, "Mia ist jetzt für Sie da")
        second = ida.writes("Es ist seit Montag unterwegs.")
        signs = desk.fake.state.reactions

        await eventually(lambda: _has(signs, (ida.id, second["message_id"])), "the sign on the message")

        assert signs == {(ida.id, second["message_id"]): "👀"}
        assert (ida.id, first["message_id"]) not in signs


async def _has(found: Collection[object], wanted: object) -> bool:
    return wanted in found


async def test_commands_of_ours_are_obeyed_without_the_bot(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person(language="de")
        ida.writes("/start")
        await desk.sent(ida.id, 1)
        ida.writes("/language")
        which = await desk.answered(ida, "Which language")
        ida.presses(which, "English")
        await desk.answered(ida, "English")
        ida.writes("/forget")
        sent = await desk.sent(ida.id, 4)
        assert len(sent[-1].titles()) == 2
        assert desk.bot.turns == []


async def test_answering_a_press_may_fail_without_harm(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url, FakeBot(with_buttons)) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo?")
        asked = await desk.answered(ida, "hilfreich")
        desk.fake.state.faults.append(TelegramFault(method="answerCallbackQuery", mood=TelegramFaultKind.RESET))
        desk.fake.state.faults.append(TelegramFault(method="editMessageReplyMarkup", status=500))
        ida.presses(asked, "Ja")
        await desk.answered(ida, "Gedrückt: /feedback_helpful")


def test_a_refusal_is_told_from_a_fault() -> None:
    assert is_refusal(Conflict("made already", code="unknown_choice"))
    assert not is_refusal(Unavailable("away"))
    assert not is_refusal(ValueError("ours"))


async def test_the_log_of_a_telegram_conversation_has_no_gaps(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        for number in range(5):
            ida.writes(f"Frage {number}")
        await desk.fake.updates.quiet()
        await desk.settled()
        (conversation,) = await desk.conversations()
        lines: list[Message] = await log_of(desk.parts, conversation.id)
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
        assert [line.text for line in lines if line.author == "contact"] == [f"Frage {number}" for number in range(5)]
