"""Containers of the image, as near as it goes without a container runtime.

Each has a mount namespace of its own, the root read-only, /tmp and the home folder as the only places to write, a
user without a name, no capabilities and no way to new ones. Shared with the machine: network, processes, limits.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services import wait_until

USER = 12345  # nobody of that number is in the image
STOP_WITHIN = 45.0  # seconds
RUN = "/opt/staffel/deploy/image/run.sh"
ENTER = """
set -eu
root=$1 home=$2 user=$3; shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount --types tmpfs --options mode=1777,size=256m tmpfs "$root/tmp"
mount --bind "$home" "$root/var/lib/staffel"
mount --types proc proc "$root/proc"
mount --types tmpfs --options mode=755 tmpfs "$root/dev"
for device in null zero urandom random; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mkdir -m 1777 "$root/dev/shm"
mount --options remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all \
    --inh-caps=-all -- "$@"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """Where the image's files are mounted, and what its containers share: settings, secrets as files."""

    root: Path
    settings: Mapping[str, str]

    def command(self, home: Path, *words: str, **settings: str) -> list[str]:
        """What starts a program in a container; with its home folder, which the container's user gets."""
        home.mkdir(exist_ok=True)
        os.chown(home, USER, USER)
        given = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}
        given |= {"STAFFEL_HOME": "/var/lib/staffel", **self.settings, **settings}
        variables = [f"{name}={value}" for name, value in given.items()]
        enter = ["unshare", "--mount", "sh", "-c", ENTER, "enter", str(self.root), str(home), str(USER)]
        return [*enter, "env", "-i", *variables, *words]

    def run(self, home: Path, *words: str) -> str:
        """What a command of `./staffel` prints."""
        ran = subprocess.run(self.command(home, RUN, *words), capture_output=True, text=True, check=False, timeout=600)
        assert ran.returncode == 0, f"{words}: {ran.stdout[-1500:]}{ran.stderr[-1500:]}"
        return ran.stdout

    @contextmanager
    def running(self, home: Path, program: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """A container with helpdesk or the bot, from the moment its health check is content."""
        health = [RUN, "health", *(["ready"] if program == "helpdesk" else [program])]

        def is_well() -> bool:
            assert process.poll() is None, f"{program} ended: {log.read_text(errors='replace')[-3000:]}"
            command = self.command(home, *health, **settings)
            return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0

        log = home.with_suffix(".log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(home, RUN, program, **settings), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            wait_until(is_well, program, 400)
            yield process
        finally:
            process.terminate()
            process.wait(STOP_WITHIN)


def memory_of(process: subprocess.Popen[bytes]) -> int:
    """Megabytes that a process takes, of what it shares its part."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) // 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
