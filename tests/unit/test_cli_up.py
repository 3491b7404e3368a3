"""What stands in the way of a start is told in a sentence."""

import asyncio
import os
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from helpdesk.host import ports
from helpdesk.host.cli import programs, up
from helpdesk.host.cli.installation import ROOT
from helpdesk.host.cli.programs import ListenAddresses
from helpdesk.host.readiness import wait_until_ready

DEFAULT_RASA = "http://127.0.0.1:5005"


def place(port: int, bot_port: int | None = None) -> ListenAddresses:
    return ListenAddresses(host="127.0.0.1", port=port, rasa_url=DEFAULT_RASA, bot_port=bot_port)


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_busy_port_is_named_and_another_offered(busy_port: int) -> None:
    with pytest.raises(click.ClickException) as caught:
        up.check_ports(place(busy_port))
    message = caught.value.message
    assert f"{busy_port}, is taken by another program" in message
    offered = int(message.split("STAFFEL_PORT=")[1].split()[0])
    assert offered > busy_port
    assert ports.is_free("127.0.0.1", offered)


def test_a_busy_port_of_the_bot_is_named_too(busy_port: int, unused_tcp_port: int) -> None:
    with pytest.raises(click.ClickException, match=r"port of the bot.*STAFFEL_BOT_PORT="):
        up.check_ports(place(unused_tcp_port, bot_port=busy_port))


def test_free_ports_pass(unused_tcp_port: int) -> None:
    up.check_ports(place(unused_tcp_port))


def test_an_address_of_another_machine_is_refused(unused_tcp_port: int) -> None:
    elsewhere = ListenAddresses(host="192.0.2.1", port=unused_tcp_port, rasa_url=DEFAULT_RASA, bot_port=None)
    with pytest.raises(click.ClickException, match=r"can not listen on 192\.0\.2\.1"):
        up.check_ports(elsewhere)


def test_a_second_start_on_the_same_home_is_refused_with_the_first_ones_number(tmp_path: Path) -> None:
    with (
        up.only_one(tmp_path),
        pytest.raises(click.ClickException, match=rf"already running here \(process {os.getpid()}\)"),
        up.only_one(tmp_path),
    ):
        pass


def test_after_the_end_the_home_is_free_again(tmp_path: Path) -> None:
    with up.only_one(tmp_path):
        pass
    with up.only_one(tmp_path):
        assert (tmp_path / "up.lock").read_text(encoding="utf-8") == str(os.getpid())


def test_a_wrong_setting_is_named_but_its_value_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path))
    monkeypatch.setenv("STAFFEL_PORT", "hunter2")
    with pytest.raises(click.ClickException, match="STAFFEL_PORT: ") as caught:
        up.prepare_settings()
    assert "hunter2" not in caught.value.message


def test_a_home_that_can_not_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(click.ClickException, match="Choose another with STAFFEL_HOME"):
        up.prepare_settings()


def test_the_welcome_shows_the_link_only_while_there_is_no_admin() -> None:
    with_link = up.welcome("https://help.example", "https://help.example/setup/abc", Path("var/log/staffel.log"))
    assert "https://help.example/setup/abc  (works once, within 24 hours)" in with_link
    assert "https://help.example/desk" in with_link
    assert "First admin" not in up.welcome("https://help.example", None, Path("x"))


class TestWhereTheBotIs:
    def test_it_runs_here_by_default(self) -> None:
        chosen = programs.choose_place(host="0.0.0.0", port=8765, rasa_url=DEFAULT_RASA, environ={})  # noqa: S104
        assert (chosen.bot_port, chosen.helpdesk_url) == (5005, "http://127.0.0.1:8765")

    def test_its_port_alone_is_enough_to_move_it(self) -> None:
        environ = {"STAFFEL_BOT_PORT": "5006"}
        chosen = programs.choose_place(host="::", port=80, rasa_url=DEFAULT_RASA, environ=environ)
        assert (chosen.bot_port, chosen.rasa_url) == (5006, "http://127.0.0.1:5006")
        assert chosen.helpdesk_url == "http://[::1]:80"

    @pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "50.5"])
    def test_what_is_no_port_is_refused(self, port: str) -> None:
        with pytest.raises(click.ClickException, match="STAFFEL_BOT_PORT has to be the number of a port"):
            programs.choose_place(host="127.0.0.1", port=80, rasa_url=DEFAULT_RASA, environ={"STAFFEL_BOT_PORT": port})

    def test_on_another_machine_it_is_not_started_here(self) -> None:
        environ = {"STAFFEL_RASA_URL": "http://bot.internal:5005"}
        chosen = programs.choose_place(host="127.0.0.1", port=80, rasa_url="http://bot.internal:5005", environ=environ)
        assert chosen.bot_port is None
        assert [program.name for program in programs.list_programs(chosen, Path("/clone"))] == ["helpdesk"]

    def test_each_program_is_told_where_the_other_is(self) -> None:
        environ = {"STAFFEL_BOT_PORT": "5006"}
        chosen = programs.choose_place(host="127.0.0.1", port=9000, rasa_url=DEFAULT_RASA, environ=environ)
        helpdesk, bot = programs.list_programs(chosen, Path("/clone"))
        assert helpdesk.environment["STAFFEL_RASA_URL"] == "http://127.0.0.1:5006"
        assert bot.environment["STAFFEL_BOT_PORT"] == "5006"
        assert bot.environment["STAFFEL_ACTIONS_URL"] == "http://127.0.0.1:9000/internal/actions/webhook"

    def test_only_helpdesk_is_watched(self) -> None:
        chosen = programs.choose_place(host="127.0.0.1", port=9000, rasa_url=DEFAULT_RASA, environ={})
        plain, watched = (programs.list_programs(chosen, Path("/clone"), watch=watch) for watch in (False, True))
        assert watched[0].command[1:3] == ("-m", "watchfiles")
        assert shlex.join(plain[0].command) in watched[0].command
        assert watched[1].command == plain[1].command
        assert all((ROOT / folder).is_dir() for folder in programs.WATCHED)


async def test_waiting_tells_what_is_lacking_and_ends_with_ready(unused_tcp_port: int) -> None:
    said: list[str] = []
    answers = [b"HTTP/1.1 503 X\r\nContent-Length: 8\r\nConnection: close\r\n\r\nno model"] * 2
    answers.append(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", unused_tcp_port)
    async with server, asyncio.timeout(20):
        await wait_until_ready(f"http://127.0.0.1:{unused_tcp_port}/readyz", say=said.append, patience=0)
    assert said == ["still waiting: helpdesk says: no model"] * 2
    assert answers == []
