"""What Bolt does at our doors, and what it would do of itself: each of its traps is held."""

import asyncio
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from connectors.contract import Account, Channel
from connectors.slack import routes
from connectors.slack.bolt import AGAIN_AFTER
from connectors.slack.installation import installation_id
from connectors.slack.routes import MAX_BODY
from tests.fakes.slack import FakeSlack
from tests.unit.test_slack_receiving import Box, CantStore, Keys, office

PAYLOADS = Path(__file__).parent.parent / "payloads" / "slack"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


async def send(fake: FakeSlack, body: str | bytes, path: str = "/slack/events", **headers: str) -> httpx.Response:
    sent = body.encode() if isinstance(body, str) else body
    return await fake.request(path, sent, {**fake.signed(sent), **headers})


def hello(fake: FakeSlack, text: str = "Hallo") -> str:
    return json.dumps(fake.envelope(fake.direct(fake.state.person(), text)))


async def test_the_address_of_events_is_confirmed() -> None:
    fake, _ = office(Box())
    answer = await send(fake, json.dumps({"type": "url_verification", "challenge": "abc"}), **JSON)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})


async def test_the_check_of_our_certificate_is_answered_when_it_is_signed_and_only_then() -> None:
    fake, _ = office(Box())
    body = "ssl_check=1&token=x"
    for path in ("/slack/events", "/slack/commands"):
        assert (await send(fake, body, path, **FORM)).status_code == 200
        assert (await fake.request(path, body.encode(), FORM)).status_code == 401


@pytest.mark.parametrize("retry", ["0", "1", "2", "3"])
async def test_no_retry_is_dropped_because_it_looks_like_one(retry: str) -> None:
    box = Box()
    fake, _ = office(box)
    more = {"X-Slack-Retry-Num": retry, "X-Slack-Retry-Reason": "http_timeout"}
    assert (await send(fake, hello(fake), **JSON, **more)).status_code == 200
    assert len(box.stored) == 1


async def test_what_could_not_be_stored_is_503_with_the_time_to_come_again_and_nothing_is_stored() -> None:
    box = Box(failures=[CantStore(), TypeError(), KeyError("words"), AttributeError()])
    fake, _ = office(box)
    body = hello(fake)
    for _ in range(4):
        answer = await send(fake, body, **JSON)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(AGAIN_AFTER))
    assert box.stored == {}
    assert (await send(fake, body, **JSON)).status_code == 200
    assert len(box.stored) == 1


async def test_an_interaction_that_could_not_be_stored_is_503() -> None:
    box = Box(failures=[CantStore()])
    fake, _ = office(box)
    assert await fake.submit(fake.state.person(), "Frage") == 503
    assert box.stored == {}


UNKNOWN: list[Any] = [
    {"type": "of_tomorrow"},
    {"type": "event_callback", "event": {"type": "of_tomorrow"}},
    {"type": "event_callback", "event": {"type": "function_executed", "function_execution_id": "Fx1"}},
    {"type": "event_callback", "event": {"type": "workflow_step_execute", "workflow_step": {}}},
    {"type": "event_callback", "event": {"type": "assistant_thread_started", "assistant_thread": {"channel_id": "D1"}}},
    {"type": "event_callback", "event": {"type": "link_shared", "links": []}},
    {"type": "event_callback", "authorizations": ["nonsense"], "event": {"type": "message"}},
    {"type": "event_callback", "authorizations": 7, "event": {"type": "message"}},
    {"type": "event_callback", "team_id": ["T1"], "event": {"type": "message"}},
    {"type": "event_callback", "event": [1]},
    {"type": "event_callback", "event": 7},
    {"type": ["event_callback"]},
    {"type": "block_actions"},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": [{}]},
    {"type": "block_actions", "actions": [{"action_id": 7}], "user": {"id": "U1"}},
    {"type": "block_suggestion", "action_id": "x", "user": {"id": "U1"}},
    {"type": "view_closed", "view": {"callback_id": "ask_staffel"}, "user": {"id": "U1"}},
    {"type": "view_submission", "view": {"callback_id": "ask_staffel"}, "user": {"id": "U1"}},
    {"type": "view_submission", "view": 7},
    {"type": "dialog_submission", "callback_id": "x", "state": "y"},
    {"type": "interactive_message", "callback_id": "x", "actions": [{"name": "a"}]},
    {"type": "workflow_step_edit", "callback_id": "x"},
    {"type": "shortcut"},
    {"type": "shortcut", "callback_id": "somebody_elses", "user": {"id": "U1"}},
    {"user": 7, "channel": 7, "team": 7},
    {"response_urls": [7]},
]


@pytest.mark.parametrize("payload", UNKNOWN, ids=json.dumps)
async def test_what_nobody_listens_to_or_can_read_is_200_at_every_door(payload: Any) -> None:
    box = Box()
    fake, _ = office(box)
    assert (await send(fake, json.dumps(payload), **JSON)).status_code == 200
    form = urlencode({"payload": json.dumps(payload)})
    assert (await send(fake, form, "/slack/interactive", **FORM)).status_code == 200
    assert box.stored == {}


async def test_json_that_is_nested_without_end_is_200() -> None:
    fake, _ = office(Box())
    assert (await send(fake, '{"a":' + "[" * 100_000, **JSON)).status_code == 200


async def test_a_command_that_asks_for_a_payload_is_a_command() -> None:
    box = Box()
    fake, _ = office(box)
    for words in ("What is a payload?", "payload", "payload=1 & payload=2"):
        await fake.command(fake.state.person(), words)
    assert sorted(message.text for message in box.stored.values()) == [
        "What is a payload?",
        "payload",
        "payload=1 & payload=2",
    ]


async def test_headers_that_nobody_signed_do_not_steer_bolt() -> None:
    box = Box()
    fake, _ = office(box)
    steering = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}
    assert (await send(fake, hello(fake), **JSON, **steering)).status_code == 200
    assert len(box.stored) == 1


async def test_a_token_or_client_in_the_environment_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("BOT_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "SIGNING_SECRET", "VERIFICATION_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "somebody-elses")
    box = Box()
    fake, _ = office(box)  # it doesn't run: whatever asked it for something would fail
    assert (await send(fake, hello(fake), **JSON)).status_code == 200
    assert (await send(fake, "ssl_check=1&token=somebody-elses", **FORM)).status_code == 200
    assert len(box.stored) == 1
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - one look


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING])
async def test_neither_words_nor_tokens_come_into_a_log(caplog: pytest.LogCaptureFixture, level: int) -> None:
    caplog.set_level(level)
    box = Box(failures=[CantStore()])
    fake, keys = office(box)
    body = hello(fake, "Mein Geheimnis")
    await send(fake, body, **JSON)
    await send(fake, body, **JSON)
    await fake.request("/slack/events", body.encode(), fake.signed(b"another"))
    await send(fake, json.dumps({"type": "of_tomorrow", "text": "Mein Geheimnis"}), **JSON)
    await keys.close(Channel.SLACK, fake.state.team, "")
    await send(fake, hello(fake, "Mein Geheimnis"), **JSON)
    assert caplog.text
    assert "Geheimnis" not in caplog.text
    assert fake.state.bot_token not in caplog.text


async def test_an_unsigned_request_is_refused_before_it_is_read() -> None:
    fake, _ = office(Box())
    asked: list[bool] = []

    async def endless() -> Any:
        asked.append(True)
        yield b"x"

    assert fake.target is not None
    for headers in ({}, {"X-Slack-Request-Timestamp": "1e9", "X-Slack-Signature": "v0=x"}):
        answer = await fake.target.post("/slack/events", content=endless(), headers=headers)
        assert answer.status_code == 401
    assert asked == []


async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WITHIN", 0.1)
    fake, _ = office(Box())

    async def endless() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    assert fake.target is not None
    answer = await fake.target.post("/slack/events", content=endless(), headers=fake.signed(b"{}"))
    assert answer.status_code == 503


async def test_storing_that_takes_too_long_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WITHIN", 0.1)
    box = Box()
    fake, _ = office(box)

    async def never(*_: object) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(box, "receive", never)
    assert (await send(fake, hello(fake), **JSON)).status_code == 503


async def test_a_body_beyond_the_limit_is_not_kept() -> None:
    fake, _ = office(Box())
    assert (await send(fake, b"x" * (MAX_BODY + 1))).status_code == 401


async def test_a_workspace_whose_secret_is_changed_is_verified_by_the_new_one_at_once() -> None:
    box = Box()
    fake, keys = office(box)
    app = keys.kept["app"]
    keys.kept["app"] = Account(channel=app.channel, id=app.id, name=app.name, secrets={"signing_secret": "n" * 32})
    assert (await send(fake, hello(fake), **JSON)).status_code == 401
    fake.state.signing_secret = "n" * 32
    assert (await send(fake, hello(fake), **JSON)).status_code == 200


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json")))
async def test_every_recorded_payload_is_taken(name: str) -> None:
    fake, keys = office(Box())
    await connect_recorded(keys)
    recorded = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    if "command" in recorded:
        answer = await send(fake, urlencode(recorded), "/slack/commands", **FORM)
    elif "api_app_id" in recorded or recorded.get("type", "").startswith(("url_", "app_")):
        answer = await send(fake, json.dumps(recorded), **JSON)
    else:
        answer = await send(fake, urlencode({"payload": json.dumps(recorded)}), "/slack/interactive", **FORM)
    assert answer.status_code == 200


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a payload, by keys and numbers."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*at, key)
        yield from places(child, (*at, key))


def bent(payload: Any, place: tuple[Any, ...], value: object) -> Any:
    """The payload with something else at one place."""
    changed = node = json.loads(json.dumps(payload))
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    return changed


@pytest.mark.parametrize("value", [7, None, [1], {"x": "y"}], ids=repr)
@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json") if path.stem != "slash_command"))
async def test_whatever_stands_in_a_recorded_payload_it_is_taken_and_what_is_stored_is_text(
    name: str, value: object
) -> None:
    recorded = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    box = Box()
    fake, keys = office(box)
    for place in places(recorded):
        await connect_recorded(keys)
        body = json.dumps(bent(recorded, place, value))
        assert (await send(fake, body, **JSON)).status_code == 200, place
    for message in box.stored.values():
        kept = (message.contact_id, message.external_id, message.text, message.address.chat_id)
        assert all(isinstance(each, str) for each in kept), message


async def connect_recorded(keys: Keys) -> None:
    secrets = {"bot_token": "xoxb-1"}
    await keys.save(Account(channel=Channel.SLACK, id="T061EG9R6", name="Recorded", secrets=secrets))


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("message_im", "T061EG9R6"),
        ("app_mention_shared_channel", "T061EG9R6"),
        ("app_mention_enterprise", "E0ORG"),
        ("view_submission", "T061EG9R6"),
        ("slash_command", "T061EG9R6"),
        ("block_actions_choice", "T061EG9R6"),
    ],
)
def test_the_installation_counts_not_the_sender(name: str, account: str) -> None:
    recorded = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    context = AsyncBoltRequest(body=recorded, mode="socket_mode").context
    assert installation_id(context.enterprise_id, context.team_id, is_whole=context.is_enterprise_install) == account


@pytest.mark.parametrize("flag", ["true", True])
def test_a_command_in_an_organisation_is_for_the_organisation(flag: Any) -> None:
    form = {"command": "/staffel", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": flag}
    context = AsyncBoltRequest(body=form, mode="socket_mode").context
    assert installation_id(context.enterprise_id, context.team_id, is_whole=context.is_enterprise_install) == "E1"
