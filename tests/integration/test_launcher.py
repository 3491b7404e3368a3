"""`./staffel` on machines that lack something. Every tool on the PATH is a small stand-in, so nothing is installed."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import wait_until

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "cksum", "dirname", "readlink", "mkdir", "rm", "mv", "rmdir", "sleep", "chmod", "touch")

# Plays uv: notes each call; the Python of an environment that it makes says with what the CLI was run.
UV = """
echo "uv $*" >> "$CALLS"
case "$1 $2" in
    "python find") exit 1 ;;
    "venv --quiet")
        for env in "$@"; do :; done
        mkdir -p "$env/bin"
        printf '%s\\n' '#!/bin/sh' 'case $1 in -P) echo "ran: $*" ;; *) exec "$REAL" "$@" ;; esac' > "$env/bin/python"
        chmod +x "$env/bin/python" ;;
esac
"""
NEVER = "exit 97"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A clone and a PATH on which only chosen programs are."""

    clone: Path
    path: Path
    calls: Path

    def install(self, name: str, script: str) -> None:
        file = self.path / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o700)

    def install_python(self, name: str = "python3.12") -> None:
        (self.path / name).symlink_to(Path(sys.executable).resolve())

    def environment(self) -> dict[str, str]:
        home = str(self.path.parent)
        return {
            "PATH": str(self.path),
            "HOME": home,
            "CALLS": str(self.calls),
            "PYENV_ROOT": f"{home}/pyenv",
            "REAL": sys.executable,
        }

    def staffel(self, *arguments: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
        return self.run([str(self.clone / "staffel"), *arguments], folder)

    def set_up(self, *environments: str) -> "subprocess.CompletedProcess[str]":
        return self.run(["sh", str(self.clone / "setup/environments.sh"), *environments], None)

    def run(self, command: Sequence[str], folder: Path | None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=folder or self.clone,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    clone, path = tmp_path / "a clone", tmp_path / "path"
    (clone / "bot").mkdir(parents=True)
    path.mkdir()
    shutil.copy(ROOT / "staffel", clone)
    shutil.copytree(ROOT / "setup", clone / "setup", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "requirements-dev.txt", "bot/requirements.txt"):
        (clone / name).write_text(f"# {name}\n", encoding="utf-8")
    (clone / "bot/startup.py").write_text("", encoding="utf-8")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (path / tool).symlink_to(found)
    calls = tmp_path / "calls"
    calls.touch()
    return Machine(clone=clone, path=path, calls=calls)


def test_a_fresh_clone_sets_itself_up_and_runs_the_command(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    ran = machine.staffel("knowledge", "ask")
    assert ran.stdout == "ran: -P -m helpdesk.host.cli knowledge ask\n"
    assert "Installing the libraries of helpdesk: done" in ran.stderr
    assert "--require-hashes" in machine.calls.read_text(encoding="utf-8")


def test_the_second_call_installs_nothing_and_says_nothing(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    machine.staffel("doctor")
    machine.install("uv", NEVER)
    ran = machine.staffel("doctor")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "ran: -P -m helpdesk.host.cli doctor\n", "")


def test_changed_requirements_are_installed(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    machine.staffel("doctor")
    (machine.clone / "requirements.txt").write_text("# newer\n", encoding="utf-8")
    machine.calls.write_text("", encoding="utf-8")
    assert "Installing the libraries" in machine.staffel("doctor").stderr
    calls = machine.calls.read_text(encoding="utf-8")
    assert "pip sync" in calls
    assert "uv venv" not in calls


def test_the_tools_for_tests_survive_changed_requirements(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    machine.set_up("dev")
    (machine.clone / "requirements.txt").write_text("# newer\n", encoding="utf-8")
    machine.calls.write_text("", encoding="utf-8")
    machine.staffel("doctor")
    assert "requirements-dev.txt" in machine.calls.read_text(encoding="utf-8")


def test_it_works_from_another_folder_and_through_a_link(machine: Machine, tmp_path: Path) -> None:
    machine.install("uv", UV)
    machine.install_python()
    (tmp_path / "link").symlink_to(machine.clone / "staffel")
    (tmp_path / "second").symlink_to("link")
    ran = machine.run([str(tmp_path / "second"), "doctor"], tmp_path)
    assert ran.stdout == "ran: -P -m helpdesk.host.cli doctor\n"


def test_without_python_and_uv_it_says_what_to_install(machine: Machine) -> None:
    ran = machine.staffel("up")
    assert ran.returncode == 1
    assert "needs Python 3.12 or newer, or uv" in ran.stderr
    assert "apt install python3 python3-venv" in ran.stderr


def test_a_shim_that_can_not_run_is_passed_over(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install("python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    machine.install_python("python3.13")
    assert machine.staffel("doctor").returncode == 0


def test_a_python_kept_by_pyenv_is_found(machine: Machine, tmp_path: Path) -> None:
    machine.install("uv", UV)
    kept = tmp_path / "pyenv/versions/3.12.9/bin"
    kept.mkdir(parents=True)
    (kept / "python").symlink_to(Path(sys.executable).resolve())
    assert machine.staffel("doctor").returncode == 0
    assert f"--python {kept}/python" in machine.calls.read_text(encoding="utf-8")


def test_a_python_that_is_missing_is_fetched(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    machine.set_up("bot")
    assert "uv python install 3.10" in machine.calls.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: dns error: failed to lookup address information", "Check the network"),
        ("error: Connection refused (os error 111)", "Check the network"),
        ("error: command 'gcc' failed: No such file or directory", "needs a C compiler"),
        ("error: No space left on device (os error 28)", "The disk is full"),
        ("error: something nobody has thought of", "The lines above say why"),
    ],
)
def test_a_failed_installation_says_what_to_do(machine: Machine, said: str, advice: str) -> None:
    machine.install("uv", f'{UV}\n[ "$1" != pip ] || {{ echo "{said}"; exit 2; }}')
    machine.install_python()
    ran = machine.staffel("doctor")
    assert ran.returncode == 1
    assert said in ran.stderr
    assert advice in ran.stderr
    assert ran.stdout == ""


def test_after_a_failure_the_next_call_tries_again(machine: Machine) -> None:
    machine.install("uv", f'{UV}\n[ "$1" != pip ] || exit 2')
    machine.install_python()
    machine.staffel("doctor")
    machine.install("uv", UV)
    assert machine.staffel("doctor").stdout == "ran: -P -m helpdesk.host.cli doctor\n"


def test_two_first_calls_at_once_install_once(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    command = [str(machine.clone / "staffel"), "doctor"]
    running = [subprocess.Popen(command, env=machine.environment(), stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert machine.calls.read_text(encoding="utf-8").count("pip sync") == 1
    assert not (machine.clone / ".tmp/setup.lock").exists()


def test_the_lock_of_a_set_up_that_died_is_taken_over(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = machine.clone / ".tmp/setup.lock"
    lock.mkdir(parents=True)
    (lock / "owner").write_text(str(gone.pid), encoding="utf-8")
    assert machine.staffel("doctor").returncode == 0


def test_a_second_set_up_says_whom_it_waits_for(machine: Machine) -> None:
    machine.install("uv", UV)
    machine.install_python()
    lock = machine.clone / ".tmp/setup.lock"
    lock.mkdir(parents=True)
    (lock / "owner").write_text(str(os.getpid()), encoding="utf-8")
    process = subprocess.Popen(
        [str(machine.clone / "staffel"), "doctor"], env=machine.environment(), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert f"Another set-up is running (process {os.getpid()})" in process.stderr.readline()
    shutil.rmtree(lock)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_real_start_on_a_busy_port_ends_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        environment = {**os.environ, "STAFFEL_HOME": str(tmp_path), "STAFFEL_PORT": str(port)}
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "helpdesk.host.cli", "up"],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Error: The port of helpdesk, {port}, is taken by another program.")
    assert "Traceback" not in ran.stderr


def test_a_step_keeps_the_progress_bars_of_a_terminal(tmp_path: Path) -> None:
    master, slave = os.openpty()
    command = [sys.executable, str(ROOT / "setup/step.py"), "Drawing", str(tmp_path), "sh", "-c"]
    process = subprocess.Popen([*command, "test -t 2 && echo on a terminal"], stderr=slave)
    os.close(slave)
    seen = bytearray()

    def finished() -> bool:
        try:
            seen.extend(os.read(master, 4096))
        except OSError:
            return True
        return b"done in" in seen

    wait_until(finished, "The step")
    assert process.wait(timeout=60) == 0
    os.close(master)
    assert b"on a terminal" in seen
    assert (tmp_path / "drawing.log").read_bytes() == b"on a terminal\r\n"
