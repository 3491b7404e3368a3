"""The doctor finds what is wrong, says what to do, and gives nothing away."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpdesk.host import secrets_file
from helpdesk.host.cli import checks, doctor, staffel
from helpdesk.host.cli.checks import Check, CheckStatus
from helpdesk.host.cli.mail_probe import check_mail
from store.settings import Settings
from tests.fakes.mail_server import MailServer, running_mail_server


def test_a_home_and_secrets_that_others_can_read_are_noticed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lengths = {name: len(value) for name, value in secrets_file.ensure(home, {}).items()}
    assert checks.check_home(home).status is CheckStatus.OK
    assert checks.check_secrets(home, lengths).status is CheckStatus.OK
    home.chmod(0o755)
    (home / secrets_file.FILE).chmod(0o644)
    assert checks.check_home(home).remedy == f"chmod 700 {home}"
    assert checks.check_secrets(home, lengths).remedy == f"chmod 600 {home / secrets_file.FILE}"


def test_short_secrets_fail_and_missing_ones_wait_for_the_first_start(tmp_path: Path) -> None:
    assert checks.check_secrets(tmp_path, {}).status is CheckStatus.SKIPPED
    secrets_file.ensure(tmp_path, {})
    found = checks.check_secrets(tmp_path, {"STAFFEL_BOT_SECRET": 5, "STAFFEL_SECRET_KEY": 43})
    assert (found.status, found.found) == (CheckStatus.FAILED, "too short or missing: STAFFEL_BOT_SECRET")


def test_an_environment_is_missing_broken_outdated_or_fine(tmp_path: Path) -> None:
    assert checks.check_environment(tmp_path, "bot").found == "bot/.venv is missing or broken"
    python = tmp_path / "bot/.venv/bin/python"
    python.parent.mkdir(parents=True)
    requirements = tmp_path / "bot/requirements.txt"
    requirements.write_text("rasa==3.6.21\n", encoding="utf-8")

    def play(version: str) -> Check:
        python.write_text(f"#!/bin/sh\necho Python {version}\n", encoding="utf-8")
        python.chmod(0o700)
        return checks.check_environment(tmp_path, "bot")

    assert "has to be 3.10" in play("3.12.1").found
    assert "other than the locked ones" in play("3.10.13").found
    (tmp_path / "bot/.venv/staffel-bot").write_text(checks.cksum(requirements), encoding="utf-8")
    assert play("3.10.13").status is CheckStatus.OK
    requirements.write_text("rasa==3.6.22\n", encoding="utf-8")
    assert play("3.10.13").remedy == "make setup"


def test_f25_a_full_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(100, 100, 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    found = checks.check_space(tmp_path / "not" / "there" / "yet")
    assert (found.status, found.found) == (CheckStatus.FAILED, f"0.0 GB free at {tmp_path}")


def test_f30_a_clock_behind_our_own_files_fails(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("", encoding="utf-8")
    assert checks.check_clock(tmp_path).status is CheckStatus.OK
    ahead = time.time() + 7200
    os.utime(requirements, (ahead, ahead))
    assert "2.0 hours behind" in checks.check_clock(tmp_path).found


def test_the_table_puts_the_remedy_under_its_finding() -> None:
    report = [checks.ok("disk", "5 GB free"), checks.failed("model", "missing", "./staffel train")]
    lines = doctor.form_table(report).splitlines()
    assert lines[2:5] == ["✓ disk   5 GB free", "✗ model  missing", "         → ./staffel train"]
    assert lines[-1] == "1 of 2 checks failed; the arrows say what to do."


def test_the_json_report_says_whether_all_is_well() -> None:
    report = json.loads(doctor.form_json([checks.ok("disk", "5 GB"), checks.skipped("redis", "not used")]))
    assert report["ok"] is True
    assert report["checks"][1] == {"name": "redis", "status": "skipped", "found": "not used", "remedy": ""}


def test_a_real_report_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {name: f"{name.lower()}-{'x' * 40}" for name in secrets_file.NAMES}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path))
    monkeypatch.setenv("STAFFEL_DATABASE_URL", "postgresql+asyncpg://anna:hunter2@127.0.0.1:1/none")
    monkeypatch.setenv("STAFFEL_REDIS_URL", "redis://:hunter3@127.0.0.1:1/0")
    shown = CliRunner().invoke(staffel, ["doctor", "--json"])
    report = {check["name"]: check for check in json.loads(shown.output)["checks"]}
    assert shown.exit_code == 1
    assert report["database"]["status"] == report["redis"]["status"] == "failed"
    assert not [value for value in (*secrets.values(), "hunter2", "hunter3", "anna") if value in shown.output]


def test_a_wrong_setting_is_reported_without_its_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path))
    monkeypatch.setenv("STAFFEL_PORT", "hunter2")
    shown = CliRunner().invoke(staffel, ["doctor"])
    assert "✗ settings" in shown.output
    assert "STAFFEL_PORT" in shown.output
    assert "hunter2" not in shown.output


async def test_the_mail_server_is_asked_and_answers_in_its_own_words() -> None:
    def chosen(**values: str) -> Settings:
        return Settings(_env_file=None, **values)  # type: ignore[arg-type]

    assert [each.status for each in await check_mail(chosen())] == [CheckStatus.SKIPPED]
    async with running_mail_server(MailServer(password="right")) as server:
        url = f"127.0.0.1:{server.port}"
        [well] = await check_mail(chosen(smtp_url=f"smtp://a%40b.example:right@{url}"))
        [refused] = await check_mail(chosen(smtp_url=f"smtp://a%40b.example:wrong@{url}"))
    [unreadable] = await check_mail(chosen(smtp_url="http://secret:word@x"))
    assert (well.status, refused.status, unreadable.status) == (
        CheckStatus.OK,
        CheckStatus.FAILED,
        CheckStatus.FAILED,
    )
    assert "535" in refused.found
    assert "secret" not in unreadable.found
    assert all(each.remedy for each in (refused, unreadable))
