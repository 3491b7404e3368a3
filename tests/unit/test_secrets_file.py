"""The secrets that the first start makes."""

import stat
from pathlib import Path

import pytest

from helpdesk.host import secrets_file
from helpdesk.host.secrets_file import NAMES, SecretTooShort

OWN = "a-secret-of-my-own-which-is-long-enough"


def test_the_first_start_makes_long_different_secrets(tmp_path: Path) -> None:
    values = secrets_file.ensure(tmp_path / "home", {})
    assert set(values) == set(NAMES)
    assert len(set(values.values())) == 2
    assert all(len(value) >= 43 for value in values.values())


def test_the_next_start_finds_the_same(tmp_path: Path) -> None:
    assert secrets_file.ensure(tmp_path, {}) == secrets_file.ensure(tmp_path, {}) == secrets_file.read(tmp_path)


def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    secrets_file.ensure(home, {})
    assert stat.S_IMODE((home / secrets_file.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in home.iterdir()] == [secrets_file.FILE]


def test_a_secret_of_the_environment_wins_and_is_not_written_down(tmp_path: Path) -> None:
    before = secrets_file.ensure(tmp_path, {})
    values = secrets_file.ensure(tmp_path, {"STAFFEL_BOT_SECRET": OWN})
    assert values == {**before, "STAFFEL_BOT_SECRET": OWN}
    assert secrets_file.read(tmp_path) == before


def test_with_all_secrets_given_no_file_is_made(tmp_path: Path) -> None:
    secrets_file.ensure(tmp_path / "home", dict.fromkeys(NAMES, OWN))
    assert not (tmp_path / "home").exists()


def test_a_secret_that_could_be_guessed_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(SecretTooShort, match="STAFFEL_SECRET_KEY has 8 characters") as caught:
        secrets_file.ensure(tmp_path, {"STAFFEL_SECRET_KEY": "hunter22"})
    assert "hunter22" not in str(caught.value)


def test_comments_and_foreign_lines_are_passed_over() -> None:
    text = "# STAFFEL_SECRET_KEY=old\nPATH=/tmp\nSTAFFEL_BOT_SECRET = spaced=and=equal \n\nnonsense\n"
    assert secrets_file.parse(text) == {"STAFFEL_BOT_SECRET": "spaced=and=equal"}


def test_what_is_formed_can_be_parsed() -> None:
    values = dict.fromkeys(NAMES, OWN)
    assert secrets_file.parse(secrets_file.form(values)) == values
