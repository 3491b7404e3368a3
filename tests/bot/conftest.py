"""One trained model and one running bot for all tests here; a test that breaks its bot starts its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.action_server import ActionServer, running_action_server
from tests.bot.process import Bot, rasa


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model; `bot/rasa train` does nothing when it is up to date."""
    trained = rasa("train", home=tmp_path_factory.mktemp("train"), seconds=600)
    assert trained.returncode == 0, trained.stdout[-4000:]
    return Path(__file__).parents[2] / "models" / "staffel.tar.gz"


@pytest.fixture(scope="session")
def action_server() -> Iterator[ActionServer]:
    with running_action_server() as server:
        yield server


@pytest.fixture
def actions(action_server: ActionServer) -> Iterator[ActionServer]:
    """The running action server, working again after the test."""
    action_server.calls.clear()
    yield action_server
    action_server.failing, action_server.answer = False, None


@pytest.fixture(scope="session")
def bot(model: Path, action_server: ActionServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    running = Bot.start(tmp_path_factory.mktemp("bot"), action_server.url)
    yield running
    running.stop()


@pytest.fixture
def own_bot(model: Path, action_server: ActionServer, tmp_path: Path) -> Iterator[Bot]:
    """A bot for this test alone."""
    running = Bot.start(tmp_path, action_server.url)
    yield running
    running.kill()
