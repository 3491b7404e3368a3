"""Every fault of the catalogue that Slack can cause, F56 to F65, through the real app and the real SDK."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any

import pytest

from connectors.contract import Address, Author, Channel, OutboundMessage, RetryLater
from store.models import DeliveryStatus
from tests.fakes.bot import FakeBot
from tests.fakes.slack import SlackFaultKind, SlackPerson
from tests.fakes.slack.rules import is_escaped, pings_in, texts_of
from tests.fakes.slack.server import ACK_WITHIN
from tests.harness import eventually
from tests.integration.slack_rooms import connector_of, conversations, delivery_ends, incoming, office, words_of


def offering(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Says something with two buttons to the first question, and echoes afterwards."""
    if turn["payload"]:
        return [{"text": f"Payload {turn['payload']}"}]
    return [
        {
            "text": "Passt das?",
            "choices": [
                {"title": "Ja", "payload": "/feedback_helpful"},
                {"title": "Nein", "payload": "/feedback_not_helpful"},
            ],
        }
    ]


def saying(text: str) -> FakeBot:
    """A bot that always says the same."""
    return FakeBot(answering=lambda _: [{"text": text}])


async def test_f56_a_repeated_event_is_stored_once_and_a_lost_first_try_is_made_good(
    tmp_path: Path, database_url: str
) -> None:
    async with office(tmp_path, database_url) as (parts, fake):
        person = fake.state.person()
        envelope = fake.envelope(fake.direct(person, "Wo ist mein Paket?"))
        assert (await fake.deliver(envelope)).statuses == [200]  # the first has to open the database, too
        for _ in range(4):
            delivered = await fake.deliver(envelope)
            assert delivered.statuses == [200]
            assert max(delivered.seconds) < 3 * ACK_WITHIN  # how fast it is on a quiet machine: benchmarks.slack_burst
        body = json.dumps(envelope).encode()
        late = {**fake.signed(body), "X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_timeout"}
        assert (await fake.request("/slack/events", body, late)).status_code == 200
        assert [message.text for message in await incoming(parts)] == ["Wo ist mein Paket?"]

        lost = json.dumps(fake.envelope(fake.direct(person, "Der erste Versuch ging verloren"))).encode()
        retry = {**fake.signed(lost), "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        assert (await fake.request("/slack/events", lost, retry)).status_code == 200
        assert len(await incoming(parts)) == 2
        await fake.posts(person.dm, 2)


FORGERIES: dict[str, dict[str, str] | None] = {
    "nothing": {},
    "bad signature": {"X-Slack-Signature": "v0=" + "0" * 64},
    "no signature": {"X-Slack-Signature": ""},
    "letters": {"X-Slack-Request-Timestamp": "abc"},
    "5000 digits": {"X-Slack-Request-Timestamp": "9" * 5000},
    "other digits": {"X-Slack-Request-Timestamp": "１２３"},
    "negative": {"X-Slack-Request-Timestamp": "-5"},
    "signature not ASCII": {"X-Slack-Signature": "v0=ä"},
}


@pytest.mark.parametrize("path", ["/slack/events", "/slack/interactive", "/slack/commands"])
async def test_f57_a_bad_signature_is_401_and_never_500(tmp_path: Path, sqlite_url: str, path: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        body = json.dumps(fake.envelope(fake.direct(fake.state.person(), "Hallo"))).encode()
        for name, changes in FORGERIES.items():
            headers = {**fake.signed(body), **changes} if changes else {}
            encoded = [(key.encode(), value.encode()) for key, value in headers.items()]
            assert fake.target is not None
            response = await fake.target.post(path, content=body, headers=encoded)
            assert response.status_code == 401, name
        for seconds in (-301.5, 302.5):
            assert (await fake.request(path, body, fake.signed(body, at=time() + seconds))).status_code == 401
        latin = b'{"text": "\xe4"}'
        assert (await fake.request(path, latin, fake.signed(latin))).status_code == 401
        assert (await fake.request(path, b"x" * 2_000_000, fake.signed(b"x" * 2_000_000))).status_code == 413
        assert await incoming(parts) == []


async def test_f58_a_byte_exact_replay_is_200_and_changes_nothing(tmp_path: Path, database_url: str) -> None:
    async with office(tmp_path, database_url) as (parts, fake):
        person = fake.state.person()
        body = json.dumps(fake.envelope(fake.direct(person, "Hallo"))).encode()
        headers = fake.signed(body)
        answers = [(await fake.request("/slack/events", body, headers)).status_code for _ in range(3)]
        assert answers == [200, 200, 200]
        await delivery_ends(parts, 2)
        assert len(await incoming(parts)) == 1
        assert len(fake.state.posts) == 2, "the greeting and one answer"


async def test_f59_url_verification_is_answered_only_when_signed(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (_, fake):
        body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB1", "token": "x"}).encode()
        assert (await fake.request("/slack/events", body, {})).status_code == 401
        signed = await fake.request("/slack/events", body, fake.signed(body))
        assert (signed.status_code, signed.json()) == (200, {"challenge": "3eZbrw1aB1"})


@pytest.mark.parametrize(
    "event",
    [
        {"type": "emoji_changed", "subtype": "add"},
        {"type": "message", "subtype": "channel_topic", "channel": "C1", "channel_type": "im", "ts": "1.1"},
        {"type": "message", "subtype": "of_tomorrow", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.1"},
        {
            "type": "message",
            "channel": "C1",
            "channel_type": "channel",
            "user": "U1",
            "ts": "1.1",
            "text": "not for us",
        },
        {"type": "message", "channel_type": "im", "user": "U1"},
        {"type": 7},
        {},
        "nothing",
    ],
)
async def test_f60_an_unknown_kind_of_event_is_200_and_not_404(tmp_path: Path, sqlite_url: str, event: Any) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        delivered = await fake.deliver({**fake.envelope({}), "event": event})
        assert delivered.statuses == [200]
        assert await incoming(parts) == []


async def test_f60_signed_nonsense_is_200_so_that_slack_does_not_count_it_as_a_failure(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (_, fake):
        for body in (b"[]", b"{", b"null", b'{"type":"event_callback"}', b'{"type":"of_tomorrow"}'):
            assert (await fake.request("/slack/events", body, fake.signed(body))).status_code == 200
        for body in (b"", b"payload=", b"payload=%7B%7D", b"payload=[]"):
            assert (await fake.request("/slack/interactive", body, fake.signed(body))).status_code == 200
            assert (await fake.request("/slack/commands", body, fake.signed(body))).status_code == 200


async def test_f61_bots_are_never_answered_so_no_two_can_keep_each_other_busy(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        channel, state = fake.state.channel(), fake.state
        ourselves = SlackPerson(id=state.bot_user, dm="D1")
        other = state.person()
        talk = [
            fake.direct(ourselves, "Ich bin es selbst", bot_id=state.bot_id),
            fake.direct(ourselves, "Ohne bot_id"),
            fake.direct(other, "Ein anderer Bot", bot_id="B0OTHER", subtype="bot_message"),
            fake.direct(other, "Ein Workflow", bot_id="B0WORKFLOW"),
            fake.direct(other, "Mit Profil", bot_profile={"id": "B0OTHER"}),
            *({**fake.mentioning(other, channel, f"Zug {turn}", "1.1"), "bot_id": "B0SECOND"} for turn in range(6)),
        ]
        for event in talk:
            assert (await fake.deliver(fake.envelope(event))).statuses == [200]
        assert await incoming(parts) == []
        await fake.mention(state.person(), channel, "Und ein Mensch?", "1.1")
        await fake.posts(channel.id, 2)
        assert len(await incoming(parts)) == 1


async def test_f62_retry_after_pauses_the_channel_and_the_post_arrives_later(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person, other = fake.state.person(), fake.state.person()
        fake.state.fail("chat.postMessage", SlackFaultKind.ERROR, "ratelimited", status=429, retry_after=2)
        await fake.write(person, "Hallo")
        await eventually(lambda: _calls(fake, 1), "the first attempt")
        await fake.write(other, "Hallo auch")
        assert len(await fake.posts(other.dm, 1)) == 1
        assert [post for post in fake.state.posts if post.channel == person.dm] == []
        await fake.posts(person.dm, 2)
        refused, accepted = [call for call in _posts_to(fake, person)][:2]
        assert accepted.at - refused.at >= 1.95
        assert {one.status for one in await delivery_ends(parts, 4)} == {DeliveryStatus.SENT}


async def test_f62_when_many_channels_are_refused_at_once_the_whole_workspace_pauses(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        paused = []
        for _ in range(3):
            person = fake.state.person()
            fake.state.fail("chat.postMessage", SlackFaultKind.ERROR, "ratelimited", status=429, retry_after=35)
            address = Address(channel=Channel.SLACK, account=fake.state.team, chat_id=person.id)
            message = OutboundMessage(
                id="m1", address=address, conversation_id="c", seq=1, author=Author.BOT, author_name="", text="Hallo"
            )
            with pytest.raises(RetryLater) as wait:
                await connector_of(parts).send(message)
            assert wait.value.after == 35
            paused.append(wait.value.account)
        assert paused == [False, False, True]


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])
async def test_f62_what_slack_will_not_take_is_sent_as_plain_words_at_once(
    tmp_path: Path, sqlite_url: str, error: str
) -> None:
    async with office(tmp_path, sqlite_url, FakeBot(answering=offering)) as (_, fake):
        person = fake.state.person()
        fake.state.fail("chat.postMessage", SlackFaultKind.ERROR, error)
        await fake.write(person, "Hallo")
        first = (await fake.posts(person.dm, 1))[0]
        assert first.blocks == []
        assert first.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("channel_not_found", "channel"),
        ("not_in_channel", "/invite"),
        ("is_archived", "archived"),
        ("user_disabled", "deactivated"),
    ],
)
async def test_f62_a_terminal_error_is_told_in_plain_words(
    tmp_path: Path, sqlite_url: str, error: str, said: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        for _ in range(2):
            fake.state.fail("chat.postMessage", SlackFaultKind.ERROR, error)
        await fake.write(fake.state.person(), "Hallo")
        ends = await delivery_ends(parts, 2)
        assert {one.status for one in ends} == {DeliveryStatus.FAILED}
        assert said in (ends[0].reason or "")
        assert error not in (ends[0].reason or "")


async def test_f62_a_revoked_token_closes_the_workspace_and_says_so(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        fake.state.revoked = True
        await fake.write(fake.state.person(), "Hallo")
        ends = await delivery_ends(parts, 2)
        assert "staffel connect slack" in (ends[0].reason or "")
        account = await parts.accounts.find(Channel.SLACK, fake.state.team)
        assert account is not None
        assert not account.active
        assert account.secrets == {}
        assert "token_revoked" in (account.problem or "")


async def test_f62_a_line_that_breaks_after_the_post_does_not_make_it_arrive_twice(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url, saying("Nur einmal")) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        await fake.posts(person.dm, 2)
        fake.state.fail("chat.postMessage", SlackFaultKind.RESET_AFTER)
        await fake.write(person, "Und nun?")
        ends = await delivery_ends(parts, 3)
        assert ends[-1].status == DeliveryStatus.SENT
        assert words_of(await fake.posts(person.dm, 3)).count("Nur einmal") == 2
        assert ends[-1].external_id == f"{person.dm}:{fake.state.posts[-1].ts}"


async def test_an_answer_that_says_ok_is_sent_whatever_else_its_shape(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url, saying("Nur einmal")) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        await fake.posts(person.dm, 2)
        fake.state.fail("chat.postMessage", SlackFaultKind.ODD_ECHO)
        await fake.write(person, "Und nun?")
        ends = await delivery_ends(parts, 3)
        assert ends[-1].status == DeliveryStatus.SENT
        assert words_of(await fake.posts(person.dm, 3)).count("Nur einmal") == 2


async def test_f62_when_slack_will_not_let_us_look_a_doubtful_post_comes_once_more(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url, saying("Höchstens zweimal")) as (parts, fake):
        person = fake.state.person()
        fake.state.scopes = fake.state.scopes.replace("im:history,", "")
        await fake.write(person, "Hallo")
        await fake.posts(person.dm, 2)
        fake.state.fail("chat.postMessage", SlackFaultKind.RESET_AFTER)
        await fake.write(person, "Und nun?")
        assert (await delivery_ends(parts, 3))[-1].status == DeliveryStatus.SENT
        assert words_of(await fake.posts(person.dm, 4)).count("Höchstens zweimal") == 3


NASTY = "Grüße & <b>fett</b> <!channel> <!here> <@U0000001> <#C1> <!subteam^S1> @here @channel &lt;!everyone&gt;"


async def test_f63_long_and_nasty_texts_are_split_escaped_and_call_nobody(tmp_path: Path, sqlite_url: str) -> None:
    long = "\n\n".join(f"## Absatz {number}\n\n{NASTY} " + "Wort & mehr. " * 30 for number in range(24))
    async with office(tmp_path, sqlite_url, saying(long)) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        ends = await delivery_ends(parts, 2)
        assert {one.status for one in ends} == {DeliveryStatus.SENT}
        posts = (await fake.posts(person.dm, 3))[1:]
        assert len(ends[-1].parts) == len(posts) > 1
        for text in (text for post in posts for text in [*texts_of(post.blocks), post.text]):
            assert pings_in(text) == []
            assert is_escaped(text), text
        said = " ".join(text for post in posts for text in texts_of(post.blocks))
        assert [said.find(f"Absatz {number}*") for number in range(24)] == sorted(
            said.find(f"Absatz {number}*") for number in range(24)
        )
        assert "Absatz 23" in said


async def test_f63_more_paragraphs_than_blocks_and_a_section_of_3001_characters(
    tmp_path: Path, sqlite_url: str
) -> None:
    text = "\n\n".join(["kurz"] * 51) + "\n\n" + "x" * 3001 + "\n\n```\n" + "code & <tag>\n" * 400 + "```"
    async with office(tmp_path, sqlite_url, saying(text)) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        assert {one.status for one in await delivery_ends(parts, 2)} == {DeliveryStatus.SENT}
        said = "".join(text for post in await fake.posts(person.dm) for text in texts_of(post.blocks))
        assert said.count("kurz") == 51
        assert said.count("x") == 3001
        assert said.count("code &amp; &lt;tag&gt;") == 400


async def test_f64_a_deleted_thread_goes_on_at_the_root_in_the_same_conversation(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person, channel = fake.state.person(), fake.state.channel()
        event = await fake.mention(person, channel, "Eine Frage")
        first = await fake.posts(channel.id, 2)
        assert {post.thread_ts for post in first} == {event["ts"]}
        fake.state.missing_threads.add(event["ts"])
        await fake.mention(person, channel, "Noch eine", event["ts"])
        third = (await fake.posts(channel.id, 3))[2]
        assert third.thread_ts is None
        assert len(await conversations(parts)) == 1


async def test_f64_buttons_under_a_post_at_the_root_belong_to_the_thread_they_came_from(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url, FakeBot(answering=offering)) as (parts, fake):
        person, channel = fake.state.person(), fake.state.channel()
        event = fake.mentioning(person, channel, "Eine Frage")
        fake.state.missing_threads.add(event["ts"])
        await fake.deliver(fake.envelope(event))
        post = (await fake.posts(channel.id, 2))[1]
        assert post.thread_ts is None
        await fake.press(person, post, "Ja")
        await fake.posts(channel.id, 3)
        assert [message.text for message in await incoming(parts)] == ["Eine Frage", "Ja"]
        assert len(await conversations(parts)) == 1


async def test_f65_a_forged_foreign_or_expired_button_is_rejected_and_audited(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with office(tmp_path, sqlite_url, FakeBot(answering=offering)) as (parts, fake):
        person, other = fake.state.person(), fake.state.person()
        await fake.write(person, "Hallo")
        post = (await fake.posts(person.dm, 2))[1]
        forged = fake.pressing(person, post, "Ja")
        forged["actions"][0]["value"] = forged["actions"][0]["value"].replace('"c":0', '"c":1')
        caplog.set_level("WARNING")
        assert await fake.interact(forged) == 200
        assert await fake.interact(fake.pressing(other, post, "Ja")) == 200
        expired = fake.pressing(person, post, "Ja")
        buttons = connector_of(parts)._buttons
        offered = buttons.read(expired["actions"][0]["value"], _now())
        assert offered is not None
        expired["actions"][0]["value"] = buttons.choice(offered.address, offered.seq, 0, _long_ago())
        assert await fake.interact(expired) == 200
        for nonsense in ("", None, "x" * 5000, "ä" * 30, 7):
            odd = fake.pressing(person, post, "Ja")
            odd["actions"][0]["value"] = nonsense
            assert await fake.interact(odd) == 200
        await connector_of(parts).afterwards.finish()

        assert [message.text for message in await incoming(parts)] == ["Hallo"]
        rejected = [record.getMessage() for record in caplog.records if record.name == "connectors.slack.audit"]
        assert [line.split(" as ")[1].split(":")[0] for line in rejected[:3]] == ["forged", "foreign", "expired"]
        assert len(rejected) == 8
        assert all(fake.state.team in line and post.ts in line for line in rejected)
        assert len(fake.state.whispers) == 8
        assert all(whisper["response_type"] == "ephemeral" for whisper in fake.state.whispers)


async def test_f65_a_second_press_is_explained_and_changes_nothing(tmp_path: Path, database_url: str) -> None:
    async with office(tmp_path, database_url, FakeBot(answering=offering)) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        post = (await fake.posts(person.dm, 2))[1]
        yes, no = fake.pressing(person, post, "Ja"), fake.pressing(person, post, "Nein")
        assert list(await asyncio.gather(fake.interact(yes), fake.interact(yes))) == [200, 200]
        assert await fake.interact(no) == 200
        await fake.posts(person.dm, 3)
        await connector_of(parts).afterwards.finish()
        assert [message.text for message in await incoming(parts)] == ["Hallo", "Ja"]
        assert len(fake.state.whispers) >= 1
        assert [
            element for block in post.blocks for element in block.get("elements", ()) if "action_id" in element
        ] == []
        assert any("Ja" in text for text in texts_of(post.blocks))


def _now() -> datetime:
    return datetime.now(UTC)


def _long_ago() -> datetime:
    return _now() - timedelta(days=1)


async def _calls(fake: Any, count: int) -> bool:
    return len([call for call in fake.state.calls if call.method == "chat.postMessage"]) >= count


def _posts_to(fake: Any, person: SlackPerson) -> list[Any]:
    found = [call for call in fake.state.calls if call.method == "chat.postMessage"]
    return [call for call in found if call.arguments["channel"] == person.id]
