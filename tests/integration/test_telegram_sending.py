"""What goes to Telegram: in order, at its pace, and honest about what nobody knows."""

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.contract import (
    Address,
    Attachment,
    AttachmentKind,
    Author,
    Channel,
    ChatMoved,
    DeliveryUnclear,
    OutboundMessage,
    RetryLater,
    Undeliverable,
)
from connectors.contract.flood_history import FloodHistory
from connectors.telegram import TelegramConnector
from connectors.telegram.api_client import (
    TokenFilter,
    close_bot,
    make_bot,
    translate_errors,
    without_tokens,
)
from helpdesk.channels.leader import LeaseLeader
from tests.fakes.bot import FakeBot
from tests.fakes.telegram import TelegramFault, TelegramFaultKind, telegram
from tests.harness import eventually
from tests.integration.telegram_desk import TelegramDesk, telegram_desk


def to(chat_id: int, text: str = "Hallo", *, parts: tuple[str, ...] = (), thread: str | None = None) -> OutboundMessage:
    return OutboundMessage(
        id="m1",
        address=Address(channel=Channel.TELEGRAM, account="700100", chat_id=str(chat_id), thread=thread),
        conversation_id="c1",
        seq=3,
        author=Author.BOT,
        author_name="Staffel",
        text=text,
        parts=parts,
    )


async def test_f47_429_pauses_this_chat_only_and_the_order_is_kept(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida, max_ = desk.fake.person("Ida"), desk.fake.person("Max")
        fault = TelegramFault(
            method="sendMessage", status=429, description="Too Many Requests: retry after 3", retry_after=3
        )
        fault.chat_id = ida.id
        desk.fake.state.faults.append(fault)
        ida.writes("Erstens")
        max_.writes("Hallo")
        await desk.sent(max_.id, 2)
        ida.writes("Zweitens")
        sent = await desk.sent(ida.id, 2)
        assert desk.fake.state.sent_to(max_.id)[0].at < sent[0].at
        assert "Assistent" in sent[0].text
        assert len(sent) == len({message.text for message in sent})
        tries = [call for call in desk.fake.state.called("sendMessage") if call.params["chat_id"] == ida.id]
        assert tries[1].at - tries[0].at >= 3


async def test_f47_when_many_chats_are_refused_at_once_the_whole_account_pauses(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.chats |= {1, 2, 3}
        paused = []
        for chat in (1, 2, 3):
            desk.fake.state.faults.append(
                TelegramFault(method="sendMessage", status=429, description="Too Many Requests", retry_after=35)
            )
            with pytest.raises(RetryLater) as wait:
                await desk.connector.send(to(chat))
            assert wait.value.after == 35
            paused.append(wait.value.account)
        assert paused == [False, False, True]


@pytest.mark.parametrize(
    "fault",
    [
        TelegramFault(method="sendMessage", status=502),
        TelegramFault(method="sendMessage", mood=TelegramFaultKind.NOT_JSON, status=502),
    ],
)
async def test_f48_what_telegram_surely_did_not_take_is_sent_again(
    tmp_path: Path, sqlite_url: str, fault: TelegramFault
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        fault.times = 1
        desk.fake.state.faults.append(fault)
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.sent(ida.id, 2)
        await desk.settled()
        assert len(desk.fake.state.sent_to(ida.id)) == 2
        assert await desk.deliveries("unknown") == []


async def test_f48_a_line_that_breaks_after_accepting_means_one_duplicate_at_most(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.faults.append(TelegramFault(method="sendMessage", mood=TelegramFaultKind.RESET, times=5))
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.sent(ida.id, 2)
        await eventually(lambda: _unknown(desk), "the delivery to be given up")
        greetings = [sent for sent in desk.fake.state.sent_to(ida.id) if "Assistent" in sent.text]
        assert len(greetings) == 2


ODD_ECHOES: list[dict[str, Any]] = [
    {},
    {"result": None},
    {"result": True},
    {"result": {"message_id": "7"}},
    {"result": {"message_id": 7, "date": "soon", "chat": {"id": 1, "type": "plaza"}, "paid_mood": [1]}},
]


@pytest.mark.parametrize("echo", ODD_ECHOES)
async def test_an_answer_that_says_ok_is_sent_whatever_else_its_shape(
    tmp_path: Path, sqlite_url: str, echo: dict[str, Any]
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        odd = TelegramFault(method="sendMessage", mood=TelegramFaultKind.ODD_ECHO, times=5, echo=echo)
        desk.fake.state.faults.append(odd)
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.sent(ida.id, 2)
        await desk.settled()
        assert len(desk.fake.state.sent_to(ida.id)) == 2
        assert len(await desk.deliveries("sent")) == 2


async def _unknown(desk: TelegramDesk) -> bool:
    return bool(await desk.deliveries("unknown"))


async def test_f48_nobody_listening_is_surely_not_arrived(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        connector = TelegramConnector(
            desk.parts.accounts,
            LeaseLeader(desk.parts.db),
            secret_key="x" * 32,
            origin="",
            files=desk.parts.files,
            api_url="http://127.0.0.1:9",
        )
        with pytest.raises(RetryLater):
            await connector.send(to(1))
        await connector._clients.close()


async def test_f48_no_answer_in_time_means_that_nobody_knows() -> None:
    async with telegram() as fake:
        fake.state.chats.add(1)
        fake.state.faults.append(TelegramFault(method="sendMessage", mood=TelegramFaultKind.HANG))
        bot = make_bot(fake.state.token, fake.api_url, read_timeout=0.3)
        with pytest.raises(DeliveryUnclear), translate_errors("700100", "lane", FloodHistory()):
            await bot.send_message(1, "Hallo")
        await close_bot(bot)
        assert len(fake.state.sent) == 1


@pytest.mark.parametrize(
    ("status", "description", "words"),
    [
        (403, "Forbidden: bot was blocked by the user", "The customer has blocked the bot on Telegram."),
        (403, "Forbidden: user is deactivated", "The customer's Telegram account no longer exists."),
        (400, "Bad Request: chat not found", "Telegram doesn't know this chat any more."),
        (403, "Forbidden: bot was kicked from the supergroup chat", "The bot was removed from this group."),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            "The bot may not write in this group.",
        ),
    ],
)
async def test_f49_what_will_never_arrive_is_told_in_plain_words(
    tmp_path: Path, sqlite_url: str, status: int, description: str, words: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.chats.add(1)
        desk.fake.state.faults.append(TelegramFault(method="sendMessage", status=status, description=description))
        with pytest.raises(Undeliverable) as never:
            await desk.connector.send(to(1))
        assert never.value.reason == words


async def test_f49_a_blocked_bot_ends_the_delivery_and_the_agent_can_read_why(
    tmp_path: Path, database_url: str
) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        desk.fake.state.blocked.add(ida.id)
        ida.writes("Hallo")

        async def failed() -> bool:
            return len(await desk.deliveries("failed")) == 2

        await eventually(failed, "both deliveries to fail")
        (first, _) = await desk.deliveries("failed")
        assert first.reason == "The customer has blocked the bot on Telegram."
        assert first.attempts == 1


async def test_f49_a_refused_token_closes_the_account(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.token = "700100:AAanother_token_given_out_by_botfather"
        with pytest.raises(Undeliverable):
            await desk.connector.send(to(1))
        account = await desk.parts.accounts.find(Channel.TELEGRAM, "700100")
        assert account is not None
        assert (account.active, dict(account.secrets)) == (False, {})
        assert "no longer accepts" in str(account.problem)


async def test_f49_a_404_of_something_in_between_does_not_cost_the_token(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.faults.append(TelegramFault(method="sendMessage", status=404, description="Not Found"))
        with pytest.raises(RetryLater):
            await desk.connector.send(to(1))
        account = await desk.parts.accounts.find(Channel.TELEGRAM, "700100")
        assert account is not None
        assert account.active


async def test_f49_a_migrated_chat_is_followed(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.migrated[-4001] = -1004001
        with pytest.raises(ChatMoved) as moved:
            await desk.connector.send(to(-4001))
        assert moved.value.chat_id == "-1004001"


async def test_f50_refused_entities_are_left_out_in_a_second_call(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.chats.add(1)
        description = "Bad Request: can't parse entities: unsupported start tag"
        desk.fake.state.faults.append(TelegramFault(method="sendMessage", status=400, description=description))
        await desk.connector.send(to(1, "**fett**"))
        calls = desk.fake.state.called("sendMessage")
        assert ["entities" in call.params for call in calls] == [True, False]
        assert [sent.text for sent in desk.fake.state.sent] == ["fett"]
        desk.fake.state.faults.append(TelegramFault(method="sendMessage", status=400, description=description, times=2))
        with pytest.raises(Undeliverable):
            await desk.connector.send(to(1, "**fett**"))
        assert len(desk.fake.state.called("sendMessage")) == 4


async def test_f51_a_text_of_33_kilobytes_arrives_whole_in_order_and_at_its_pace(
    tmp_path: Path, sqlite_url: str
) -> None:
    text = "".join(f"Satz Nummer {number} mit 😀. " for number in range(600))
    bot = FakeBot(lambda turn: [{"text": text}])
    async with telegram_desk(tmp_path, sqlite_url, bot) as desk:
        ida = desk.fake.person()
        ida.writes("Alles bitte")
        await desk.sent(ida.id, 5)
        await desk.settled()
        sent = desk.fake.state.sent_to(ida.id)
        assert " ".join(one.text for one in sent[1:]).split() == text.split()
        assert desk.fake.state.exceeded == []


async def test_a_part_that_is_out_is_not_sent_again(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url, tolerance=0.999) as desk:
        desk.fake.state.chats.add(1)
        text = "Ein Satz. " * 900
        first = await desk.connector.send(to(1, text))
        assert first.more
        second = await desk.connector.send(to(1, text, parts=(first.external_id,)))
        third = await desk.connector.send(to(1, text, parts=(first.external_id, second.external_id)))
        assert (second.more, third.more) == (True, False)
        assert len({sent.text[:20] + str(len(sent.text)) for sent in desk.fake.state.sent}) >= 2
        assert len(desk.fake.state.sent) == 3


async def test_a_topic_is_answered_in_the_topic(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.chats.add(-1001)
        desk.fake.state.topics.add(77)
        await desk.connector.send(to(-1001, thread="u5/t77"))
        assert desk.fake.state.sent[0].thread_id == 77


async def test_tokens_stay_out_of_the_log(tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.chats.add(1)
        desk.fake.state.files["f1"] = b"content"
        await desk.connector.send(to(1))
        found = desk.connector.fetch("700100", Attachment(kind=AttachmentKind.DOCUMENT, external_id="f1"))
        assert b"".join([piece async for piece in found]) == b"content"
        secret = desk.fake.state.token.partition(":")[2]
        assert "sendMessage" in caplog.text
        assert secret not in caplog.text


def test_the_library_does_not_quote_what_it_cannot_read(caplog: pytest.LogCaptureFixture) -> None:
    make_bot("700100:AAE" + "x" * 32)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("telegram.request.BaseRequest").error("Can not load response data: %s", "canary-7431")
    assert "canary" not in caplog.text


def test_every_form_of_a_token_is_hidden() -> None:
    token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    assert (
        without_tokens(f"GET https://api.telegram.org/bot{token}/getMe")
        == "GET https://api.telegram.org/123456789:…/getMe"
    )
    record = logging.LogRecord(
        "httpx", logging.INFO, "", 1, "HTTP Request: %s", (httpx.URL(f"https://x/bot{token}/a"),), None
    )
    assert TokenFilter().filter(record)
    assert token not in record.getMessage()
