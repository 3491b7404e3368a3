"""One environment for every program, from whatever folder the command was called."""

from pathlib import Path

import pytest

from helpdesk.host import secrets_file
from helpdesk.host.cli.installation import prepare_environment

OWN = "a-secret-of-my-own-which-is-long-enough"


def test_home_is_in_the_clone_when_nothing_is_said(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    prepare_environment(environ, tmp_path)
    assert environ == {"STAFFEL_HOME": str(tmp_path / "var")}
    assert not (tmp_path / "var").exists()


def test_a_typed_home_counts_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"STAFFEL_HOME": "here"}
    prepare_environment(environ, Path("/elsewhere"))
    assert environ["STAFFEL_HOME"] == str(tmp_path / "here")


def test_a_home_in_the_env_file_counts_from_the_clone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STAFFEL_HOME=data\nSTAFFEL_PORT=9000\nOTHER=x\n", encoding="utf-8")
    environ: dict[str, str] = {}
    prepare_environment(environ, tmp_path)
    assert environ == {"STAFFEL_HOME": str(tmp_path / "data"), "STAFFEL_PORT": "9000"}


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STAFFEL_PORT=9000\nSTAFFEL_HOME=data\n", encoding="utf-8")
    environ = {"STAFFEL_PORT": "9001", "STAFFEL_HOME": str(tmp_path / "mine")}
    prepare_environment(environ, tmp_path)
    assert environ == {"STAFFEL_PORT": "9001", "STAFFEL_HOME": str(tmp_path / "mine")}


def test_stored_secrets_reach_every_program_but_never_replace_given_ones(tmp_path: Path) -> None:
    stored = secrets_file.ensure(tmp_path / "var", {})
    environ = {"STAFFEL_BOT_SECRET": OWN}
    prepare_environment(environ, tmp_path)
    assert environ["STAFFEL_BOT_SECRET"] == OWN
    assert environ["STAFFEL_SECRET_KEY"] == stored["STAFFEL_SECRET_KEY"]
