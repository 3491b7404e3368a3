"""A connector that is made late is closed whoever made it."""

import asyncio
from typing import cast

import pytest

from connectors.contract import Account, Accounts, Address, Channel, Connector, Inbox
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from tests.fakes.channel import FakeChannel


class NothingConnected:
    """Accounts of an installation that has connected nothing yet."""

    async def every(self, channel: Channel) -> list[Account]:
        return []


def on_demand(made: list[FakeChannel]) -> ConnectorOnDemand:
    """One that notes what it makes."""

    def make() -> Connector:
        made.append(FakeChannel())
        return made[-1]

    return ConnectorOnDemand(Channel.TELEGRAM, cast(Accounts, NothingConnected()), make, doors={})


async def test_one_made_by_a_message_is_closed_although_its_work_never_began() -> None:
    made: list[FakeChannel] = []
    connector = on_demand(made)
    work = asyncio.create_task(connector.run(cast(Inbox, None)))
    await asyncio.sleep(0)
    await connector.show_typing(Address(channel=Channel.TELEGRAM, account="1", chat_id="2"))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await connector.close()
    assert [each.closed for each in made] == [True]


async def test_one_that_nobody_needed_is_not_made_to_be_closed() -> None:
    made: list[FakeChannel] = []
    await on_demand(made).close()
    assert made == []
