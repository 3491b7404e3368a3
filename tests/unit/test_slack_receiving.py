"""What the doors answer when the inbox can't store: the one thing a real database seldom does on demand."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from connectors.contract import (
    Account,
    Address,
    Attachment,
    Channel,
    Choice,
    FaqEntry,
    InboundEdit,
    InboundMessage,
    InboundReceipt,
    Reachability,
    Withdrawal,
)
from connectors.slack import APP, SlackConnector
from connectors.slack.buttons import Buttons, rows
from tests.fakes.slack import FakeSlack, SlackPost


class CantStore(Exception):
    """As helpdesk says it."""

    code = "unavailable"
    status = 503


class WontStore(Exception):
    """A refusal for good."""

    code = "changed_words"
    status = 409


@dataclass
class Box:
    """An inbox that fails as often as it is told to."""

    failures: list[Exception] = field(default_factory=list)
    stored: dict[str, InboundMessage] = field(default_factory=dict)

    async def receive(self, inbound: InboundMessage) -> InboundReceipt:
        if self.failures:
            raise self.failures.pop(0)
        repeated = inbound.external_id in self.stored
        self.stored.setdefault(inbound.external_id, inbound)
        return InboundReceipt(conversation_id="c", seq=len(self.stored), stored_at=datetime.now(UTC), repeated=repeated)

    async def edit(self, edit: InboundEdit) -> InboundReceipt:
        return await self.receive(edit.message)

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        return self.stored.pop(withdrawal.external_id, None) is not None

    async def reach(self, news: Reachability) -> bool:
        return False

    async def move(self, old: Address, chat_id: str) -> int:
        return 0


@dataclass
class Keys:
    """Accounts in memory."""

    kept: dict[str, Account]
    is_away: bool = False

    async def find(self, channel: Channel, account_id: str) -> Account | None:
        if self.is_away:
            raise CantStore
        return self.kept.get(account_id)

    async def every(self, channel: Channel) -> list[Account]:
        return list(self.kept.values())

    async def save(self, account: Account) -> None:
        self.kept[account.id] = account

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        self.kept.pop(account_id, None)


class NoFaq:
    """Knows nothing."""

    async def search(self, text: str, language: str, *, limit: int = 5) -> list[FaqEntry]:
        return []


class Alone:
    """Leads everything."""

    async def lead(self, name: str, work: Any) -> None:
        await work()


@dataclass
class Used:
    """Nonces in memory."""

    seen: set[str] = field(default_factory=set)

    async def use(self, nonce: str) -> bool:
        is_new = nonce not in self.seen
        self.seen.add(nonce)
        return is_new


class NoFiles:
    """Nothing is sent here."""

    async def keep(self, address: Address, name: str, content: bytes) -> Attachment:
        raise NotImplementedError

    def read(self, key: str) -> AsyncIterator[bytes]:
        raise NotImplementedError


def office(box: Box) -> tuple[FakeSlack, Keys]:
    """A connector behind its doors, and a Slack (not running) that knocks at them."""
    fake = FakeSlack(scale=0)
    app = Account(channel=Channel.SLACK, id=APP, name="app", secrets={"signing_secret": fake.state.signing_secret})
    own = {"bot_user_id": fake.state.bot_user, "bot_id": fake.state.bot_id}
    token = {"bot_token": fake.state.bot_token}
    team = Account(channel=Channel.SLACK, id=fake.state.team, name="Test", secrets=token, settings=own)
    keys = Keys({APP: app, team.id: team})
    connector = SlackConnector(
        keys,
        Alone(),
        NoFaq(),
        Used(),
        secret_key="k" * 32,
        origin="https://help.example",
        files=NoFiles(),
        api_url=fake.api_url,
    )
    transport = httpx.ASGITransport(Starlette(routes=connector.routes(box)))
    fake.target = httpx.AsyncClient(transport=transport, base_url="https://help.example")
    return fake, keys


async def test_f56_what_could_not_be_stored_is_503_and_the_retry_is_stored() -> None:
    box = Box(failures=[CantStore(), RuntimeError(), CantStore()])
    fake, _ = office(box)
    delivered = await fake.deliver(fake.envelope(fake.direct(fake.state.person(), "Hallo")))
    assert delivered.statuses == [503, 503, 503, 200]
    assert [message.text for message in box.stored.values()] == ["Hallo"]


async def test_what_is_refused_for_good_is_200() -> None:
    box = Box(failures=[WontStore()])
    fake, _ = office(box)
    assert (await fake.deliver(fake.envelope(fake.direct(fake.state.person(), "Hallo")))).statuses == [200]


async def test_a_database_that_is_away_is_503_and_never_401() -> None:
    fake, keys = office(Box())
    keys.is_away = True
    body = json.dumps(fake.envelope(fake.direct(fake.state.person(), "Hallo"))).encode()
    assert (await fake.request("/slack/events", body, fake.signed(body))).status_code == 503


async def test_a_command_that_could_not_be_stored_says_so_for_slack_repeats_none() -> None:
    fake, _ = office(Box(failures=[CantStore()]))
    told = await fake.command(fake.state.person(), "Hallo")
    assert "didn't work" in told["text"]


async def test_an_event_of_a_workspace_that_is_not_connected_is_200_and_stored_nowhere() -> None:
    box = Box()
    fake, keys = office(box)
    await keys.close(Channel.SLACK, fake.state.team, "")
    assert (await fake.deliver(fake.envelope(fake.direct(fake.state.person(), "Hallo")))).statuses == [200]
    assert box.stored == {}


async def test_nothing_is_asked_of_slack_before_the_acknowledgement() -> None:
    box = Box()
    fake, _ = office(box)  # it doesn't run: whatever waited for it would fail
    person = fake.state.person()
    assert (await fake.deliver(fake.envelope(fake.direct(person, "Hallo")))).statuses == [200]
    assert await fake.submit(person, "Frage") == 200
    assert (await fake.command(person, "help"))["response_type"] == "ephemeral"
    assert len(box.stored) == 3


async def test_a_press_from_another_workspace_of_a_shared_channel_finds_its_way_by_the_button() -> None:
    box = Box()
    fake, _ = office(box)
    stranger = fake.state.person(team="T0OTHER")
    own = Address(channel=Channel.SLACK, account=fake.state.team, chat_id="C1", thread=f"1.1/{stranger.id}")
    value = Buttons("k" * 32).choice(own, 5, 0, datetime.now(UTC) + timedelta(days=1))
    post = SlackPost(channel="C1", ts="1.2", text="", blocks=rows((Choice(title="Ja", payload="/x"),), [value]))
    payload = fake.pressing(stranger, post, "Ja") | {"team": {"id": "T0OTHER"}}
    assert await fake.interact(payload) == 200
    assert [message.address for message in box.stored.values()] == [own]
