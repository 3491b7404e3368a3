"""Killed at every step of the line (faults F1 to F8), and nothing is lost and nothing comes twice.

F6 is in `test_outbox.py`: on the web chat a line has arrived where it is stored, and nothing is sent.
"""

import asyncio
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.keys import make_key
from store.db import Database
from store.failpoints import Failpoint
from store.models import Delivery, DeliveryStatus, Message, Role, Turn, TurnStatus
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.harness import eventually
from tests.processes import helpdesk, serving

pytestmark = pytest.mark.slow

PATIENT = "600"  # seconds of a turn's deadline, which a restart on a busy machine is not to use up
#: The first call of the API loads FastAPI: two to three seconds on a busy machine, once after every start.
API_PATIENCE = 30.0

# After the kill a restart must find: F1 nothing stored, F2 stored but not acknowledged, F3 a turn nobody has claimed or
# that a dead worker holds, F4 an answer nobody has stored, F5 a reply nobody was told of.
PLACES = {
    "F1": Failpoint.INBOX_BEFORE_INSERT,
    "F2": Failpoint.INBOX_AFTER_COMMIT,
    "F3": Failpoint.TURN_BEFORE_CLAIM,
    "F3 claimed": Failpoint.TURN_AFTER_CLAIM,
    "F4": Failpoint.TURN_AFTER_RASA,
    "F5": Failpoint.REPLY_AFTER_COMMIT,
}


@pytest.mark.parametrize("fault", PLACES)
async def test_f1_f2_f3_f4_f5_killed_on_the_way_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, database_url: str, fault: str
) -> None:
    async with (
        serving(FakeBot()) as rasa_url,
        helpdesk(tmp_path, database_url, rasa_url, turn_deadline=PATIENT) as instance,
    ):
        await instance.start(f"{PLACES[fault]}=kill@1")
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("Where is my parcel?")
            assert await instance.dead() == -signal.SIGKILL
            await instance.start()
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer after the crash")
            customer.say("And how long does it take?")
            await customer.until(lambda it: len(it.texts("bot")) >= 3, "the next answer")

            assert customer.texts("contact") == ["Where is my parcel?", "And how long does it take?"]
            assert customer.texts("bot")[1:] == [
                "You said: Where is my parcel?",
                "You said: And how long does it take?",
            ]
        await check_invariants(database_url)


async def test_f3_what_a_dead_worker_held_is_taken_up_within_five_seconds_whatever_the_lease(
    tmp_path: Path, database_url: str
) -> None:
    first_home, second_home = tmp_path / "first", tmp_path / "second"
    first_home.mkdir()
    second_home.mkdir()
    long = {"lease": "600", "turn_deadline": PATIENT}
    async with (
        serving(FakeBot()) as rasa_url,
        helpdesk(first_home, database_url, rasa_url, **long) as first,
        helpdesk(second_home, database_url, rasa_url, **long) as second,
    ):
        await second.start()
        await first.start(f"{Failpoint.TURN_AFTER_CLAIM}=kill")
        async with ChatClient(first.url, first.origin) as customer:
            customer.say("Where is my parcel?")
            assert await first.dead() == -signal.SIGKILL
            died = time.monotonic()
            await until_taken_up(database_url)
            assert time.monotonic() - died < 5.0
            customer.url, customer.origin = second.url, second.origin
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer")
            assert customer.texts("bot")[1:] == ["You said: Where is my parcel?"]


async def until_taken_up(database_url: str) -> None:
    """Until a second worker has claimed the turn."""
    db = Database(database_url)
    try:
        async with asyncio.timeout(60):
            while not await _attempts(db) >= 2:
                await asyncio.sleep(0.02)
    finally:
        await db.close()


async def _attempts(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.max(Turn.attempts))) or 0


@pytest.mark.parametrize(
    ("fault", "place", "owned"),
    [("F7", Failpoint.ACCEPT_BEFORE_COMMIT, False), ("F8", Failpoint.ACCEPT_AFTER_COMMIT, True)],
)
async def test_f7_f8_killed_while_an_agent_accepts_the_conversation_has_one_owner_or_waits(
    tmp_path: Path, database_url: str, fault: str, place: Failpoint, owned: bool
) -> None:
    async with serving(FakeBot()) as rasa_url, helpdesk(tmp_path, database_url, rasa_url) as instance:
        await instance.start(f"{place}=kill")
        key, mia, jonas = await staff(database_url)
        async with httpx.AsyncClient(
            base_url=f"{instance.origin}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
            timeout=API_PATIENCE,
        ) as program:
            conversation = (await program.post("/conversations", json={"contact": "x"})).json()["id"]
            await program.post(f"/conversations/{conversation}/handoff")
            with pytest.raises(httpx.TransportError):
                await program.post(f"/conversations/{conversation}/accept", json={"agent": mia})
            assert await instance.dead() == -signal.SIGKILL
            await instance.start()
            state = (await program.get(f"/conversations/{conversation}")).json()
            second = await program.post(f"/conversations/{conversation}/accept", json={"agent": jonas})

    assert state["card"]["status"] == ("assigned" if owned else "queued")
    assert second.status_code == (409 if owned else 200)


async def staff(database_url: str) -> tuple[str, str, str]:
    """A key for programs, and two agents' ids."""
    db = Database(database_url)
    try:
        key = await make_key(db, "tests", ["conversations", "handoff"])
        mia, jonas = [await add_agent(db, f"{name}@example.com", name, Role.AGENT) for name in ("Mia", "Jonas")]
        return key, mia.id, jonas.id
    finally:
        await db.close()


async def check_invariants(database_url: str) -> None:
    """I1 to I4: every line once, without gaps; every turn finished once; every delivery at its end."""
    db = Database(database_url)
    try:
        async with db.read() as session:
            seqs = list(await session.scalars(select(Message.seq).order_by(Message.seq)))
            turns = dict((await session.execute(select(Turn.status, func.count()).group_by(Turn.status))).all())
            unfinished = await session.scalar(
                select(func.count()).where(Delivery.status.in_([DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN]))
            )
    finally:
        await db.close()
    assert seqs == list(range(1, len(seqs) + 1))
    assert turns == {TurnStatus.DONE: 2}
    assert unfinished == 0


async def test_f12_a_stop_signal_lets_running_turns_finish_and_ends_cleanly(tmp_path: Path, sqlite_url: str) -> None:
    async with (
        serving(FakeBot()) as rasa_url,
        helpdesk(tmp_path, sqlite_url, rasa_url, turn_deadline=PATIENT) as instance,
    ):
        await instance.start()
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("Where is my parcel?")
            await customer.until(lambda it: it.acks, "the acknowledgement")
            assert await instance.kill(signal.SIGTERM) == 0
            await instance.start()
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer")
            assert customer.texts("contact") == ["Where is my parcel?"]


def open_files(pid: int) -> int:
    """How many file descriptors a process has."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux lets one limit another process")
async def test_f27_without_file_descriptors_newcomers_wait_and_nobody_else_notices(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with serving(FakeBot()) as rasa_url, helpdesk(tmp_path, sqlite_url, rasa_url) as instance:
        await instance.start()
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("Where is my parcel?")
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer before it")
            assert instance.process is not None
            resource.prlimit(instance.process.pid, resource.RLIMIT_NOFILE, (64, 64))
            strangers = [await asyncio.open_connection("127.0.0.1", instance.port) for _ in range(100)]
            pid = instance.process.pid

            async def are_used_up() -> bool:
                return open_files(pid) >= 64

            await eventually(are_used_up, "the last descriptor to be taken")
            customer.say("And how long does it take?")
            await customer.until(lambda it: len(it.texts("bot")) >= 3, "the answer meanwhile")
            for _, writer in strangers:
                writer.close()
            async with ChatClient(instance.url, instance.origin) as newcomer:
                await newcomer.until(lambda it: it.is_ready, "the newcomer")
            assert customer.connections == 1
            assert instance.process.returncode is None


@pytest.fixture
def failing_disk(tmp_path: Path) -> tuple[Path, Path]:
    """A library to be loaded before all others, and the file that makes its disk fail."""
    library = tmp_path / "failing_fsync.so"
    source = Path(__file__).parents[1] / "data" / "failing_fsync.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library, tmp_path / "disk-has-failed"


async def test_f26_a_disk_that_keeps_nothing_ends_helpdesk_and_acknowledges_nothing(
    tmp_path: Path, sqlite_url: str, failing_disk: tuple[Path, Path]
) -> None:
    library, sign = failing_disk
    async with (
        serving(FakeBot()) as rasa_url,
        helpdesk(tmp_path, sqlite_url, rasa_url, turn_deadline=PATIENT) as instance,
    ):
        instance.env |= {"LD_PRELOAD": str(library), "FAILING_DISK": str(sign)}
        await instance.start()
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("Where is my parcel?")
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer before it")
            sign.touch()
            customer.say("And how long does it take?")
            assert await instance.dead() == os.EX_IOERR
            sign.unlink()
            await instance.start()
            await customer.until(lambda it: len(it.texts("bot")) >= 3, "the answer after it")
            assert customer.texts("contact") == ["Where is my parcel?", "And how long does it take?"]
        await check_invariants(sqlite_url)


async def test_no_customers_words_in_the_log(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(FakeBot()) as rasa_url, helpdesk(tmp_path, sqlite_url, rasa_url) as instance:
        await instance.start()
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("My card is 4111 1111 1111 1111, ida@example.org, canary-7431")
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer")
        await instance.kill(signal.SIGTERM)
        log = instance.log()
        assert "turn.done" in log
        assert not any(word in log for word in ("4111", "ida@", "canary"))
        assert instance.env["STAFFEL_BOT_SECRET"] not in log
        assert instance.env["STAFFEL_SECRET_KEY"] not in log
