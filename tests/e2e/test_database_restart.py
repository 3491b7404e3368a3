"""A customer's browser while PostgreSQL restarts under the conversation: short words at most, and nothing lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE, ChatCustomer, picture
from tests.services import PostgresCluster, private_postgres

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.postgres, pytest.mark.timeout(420)]

#: All that the chat may say meanwhile, beside the conversation: that it is being put right.
RECONNECTING = "Keine Verbindung. Ihre Nachrichten gehen nicht verloren, wir verbinden neu …"
QUESTION = "wie lange habe ich zeit für eine rückgabe"


@pytest.fixture
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL of this test's own, which it may restart."""
    with private_postgres() as started:
        yield started


@pytest.fixture
def installation(cluster: PostgresCluster, tmp_path: Path) -> Iterator[Installation]:
    with cluster.server.database() as url, installed(tmp_path / "home", url) as found:
        yield found


async def test_f20_a_customer_writes_while_postgresql_restarts_and_is_answered(
    cluster: PostgresCluster, installation: Installation, browser: Browser
) -> None:
    customer = await ChatCustomer.arrive(browser, installation.origin)
    await customer.sees("kein Mensch")
    await customer.write("wo bleibt mein paket")
    await customer.sees("Sendungsverfolgung")

    cluster.stop()
    await customer.write(QUESTION)
    own = customer.log.get_by_text(QUESTION)
    await expect(own).to_be_visible()
    await customer.page.wait_for_timeout(4_000)  # as long as a restart of PostgreSQL takes
    said = await customer.chat.locator(".banner span").all_inner_texts()
    assert set(said) <= {"", RECONNECTING}
    await expect(customer.log).not_to_contain_text("Nicht gesendet")
    await picture(customer.page, "outage-meanwhile")

    cluster.start()
    await customer.sees("30 Tage")
    await expect(own).to_have_count(1, timeout=PATIENCE)
    await expect(customer.chat.locator(".banner")).to_be_hidden()
    await picture(customer.page, "outage-after")
    assert installation.process.poll() is None
