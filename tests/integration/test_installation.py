"""What an admin chooses in the browser about the installation holds at once, and setting up knows what is done."""

from pathlib import Path

import pytest

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.installation.profile import CurrentProfile, Profile
from helpdesk.installation.setup_steps import Setup, SetupStep, StepState
from store.db import Database
from store.errors import Invalid
from store.models import Conversation, Role, Team
from store.settings import Settings
from tests.fakes.bot import FakeBot
from tests.harness import log_of, run_helpdesk, settings_for


async def test_what_is_chosen_is_said_from_the_next_conversation_on(tmp_path: Path, database_url: str) -> None:
    async with run_helpdesk(settings_for(tmp_path, database_url), FakeBot()) as parts:
        first = await parts.inbox.receive(written("1"))
        await parts.profile.save(Profile(bot_name="Lotte", language="en", formality="du"))
        second = await parts.inbox.receive(written("2"))
        assert (await log_of(parts, first.conversation_id))[0].author_name == "Staffel"
        greeting = (await log_of(parts, second.conversation_id))[0]
        assert greeting.author_name == "Lotte"
        assert "Lotte" in greeting.text
        async with parts.db.read() as session:
            began = await session.get_one(Conversation, second.conversation_id)
        assert (began.language, began.formality) == ("en", "du")


def written(id_: str) -> InboundMessage:
    there = Address(channel=Channel.TELEGRAM, account="bot", chat_id=id_)
    return InboundMessage(address=there, contact_id=id_, external_id=id_, text="Hallo")


async def test_the_environment_goes_first(db: Database) -> None:
    profile = CurrentProfile(db, Settings(bot_name="Otto", company="", _env_file=None))
    await profile.save(Profile(bot_name="Lotte", company="Lampenhaus"))
    assert (profile.settings.bot_name, profile.settings.company) == ("Otto", "Lampenhaus")
    assert profile.given == {"bot_name"}


async def test_another_instance_hears_of_it(db: Database) -> None:
    here, there = (CurrentProfile(db, Settings(_env_file=None)) for _ in range(2))
    assert (await there.look()).company == ""
    await here.save(Profile(company="Lampenhaus"))
    assert (await there.look()).company == "Lampenhaus"


@pytest.mark.parametrize("wrong", [{"accent": "red"}, {"company": "x" * 81}, {"language": "xx"}, {"formality": "ihr"}])
async def test_what_can_not_be_is_refused_and_nothing_kept(db: Database, wrong: dict[str, str]) -> None:
    profile = CurrentProfile(db, Settings(_env_file=None))
    with pytest.raises(Invalid):
        await profile.save(Profile(bot_name="Lotte", **wrong))
    assert (await profile.look()).bot_name == "Staffel"


async def test_a_step_is_done_by_what_is_there_and_passed_over_until_it_is_offered_again(db: Database) -> None:
    setup = Setup(db, CurrentProfile(db, Settings(_env_file=None)))
    assert set((await setup.load()).steps.values()) == {StepState.OPEN}
    async with db.write() as session:
        session.add(Team(name="Laden"))
    for name in ("ada", "jo"):
        await add_agent(db, f"{name}@example.org", name, Role.ADMIN, password="lampe wiese turnschuh")
    await setup.skip(SetupStep.COMPANY)
    progress = await setup.load()
    done = {step for step, state in progress.steps.items() if state is StepState.DONE}
    assert done == {SetupStep.HOURS, SetupStep.COLLEAGUES}
    assert (progress.next_step, progress.settled) == (SetupStep.KNOWLEDGE, 3)
    await setup.offer(SetupStep.COMPANY)
    assert (await setup.load()).next_step is SetupStep.COMPANY


async def test_it_is_over_once_somebody_says_so_or_nothing_is_left(db: Database) -> None:
    setup = Setup(db, CurrentProfile(db, Settings(_env_file=None)))
    assert await setup.load_unfinished() is not None
    for step in SetupStep:
        await setup.skip(step)
    assert await setup.load_unfinished() is None
    assert not await setup.is_over()
    await setup.end()
    assert await setup.is_over()
