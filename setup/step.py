"""Runs one long step of the set-up, shows that it is alive, and names the remedy when it fails.

On a terminal the command gets a terminal of its own, so that its progress bars stay; elsewhere a line tells the
seconds that have passed. Runs on any Python from 3.8 and needs nothing installed.
"""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

SILENCE = 15.0  # seconds between two signs of life when there is no terminal
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r(?!\n)")

REMEDIES = (
    (
        r"no space left on device|disk quota exceeded",
        "The disk is full. Free some space (about 3 GB are needed) and run the command again.",
    ),
    (
        r"dns error|failed to lookup|name resolution|name or service not known|nodename nor servname"
        r"|connection refused|network is unreachable|no route to host|connection reset|timed out"
        r"|failed to fetch|error sending request|failed to establish a new connection|tls handshake|proxyerror"
        r"|no matching distribution found for uv|from versions: none",
        "The package index can not be reached. Check the network (behind a proxy: set HTTPS_PROXY) and run the command"
        " again; what has been downloaded is kept.",
    ),
    (
        r"ensurepip|no module named '?venv",
        "This Python can not make environments. Install its venv module (Debian, Ubuntu: apt install python3-venv) or"
        " uv, and run the command again.",
    ),
    (
        r"(gcc|g\+\+|clang|cc|c\+\+|cl)['`’]? (failed|not found)|no such file or directory: '?(gcc|g\+\+|cc|clang)"
        r"|linker .cc. not found|unable to execute|xcrun: error|cargo|rustc|python\.h|failed to build",
        "A library has no ready-made build for this machine and needs a C compiler. Install one (Debian, Ubuntu: apt"
        " install build-essential python3-dev; macOS: xcode-select --install) and run the command again.",
    ),
    (
        r"permission denied|read-only file system",
        "A folder can not be written to. Run the command as the owner of this folder.",
    ),
)


def remedy_for(output):
    """What to do about a failed step, from what it said; None when nothing known fits."""
    for pattern, remedy in REMEDIES:
        if re.search(pattern, output, re.IGNORECASE):
            return remedy
    return None


def say(text):
    sys.stderr.write("staffel: " + text + "\n")
    sys.stderr.flush()


def run_on_terminal(command, log):
    """Lets the command draw on our terminal through one of its own, and keeps a copy."""
    import fcntl
    import pty
    import termios

    master, slave = pty.openpty()
    size = fcntl.ioctl(sys.stderr.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave) as process:
        os.close(slave)
        while True:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # Linux says so when the last writer has gone
                break
            if not chunk:
                break
            os.write(sys.stderr.fileno(), chunk)
            log.write(chunk)
    os.close(master)
    return process.returncode


def run_with_signs_of_life(command, log, label):
    began = shown = time.monotonic()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        while True:
            ready, _, _ = select.select([process.stdout], [], [], 1.0)
            if ready:
                chunk = os.read(process.stdout.fileno(), 65536)
                if not chunk:
                    break
                log.write(chunk)
            now = time.monotonic()
            if now - shown >= SILENCE:
                shown = now
                say("%s … %d s" % (label, now - began))
    return process.returncode


def last_lines(output, count):
    lines = [line.rstrip() for line in CONTROLS.sub("\n", output).splitlines() if line.strip()]
    return lines[-count:]


def main(label, folder, command):
    name = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    path = Path(folder) / (name + ".log")
    on_terminal = sys.stderr.isatty()
    say(label + " …")
    began = time.monotonic()
    with path.open("wb") as log:
        status = run_on_terminal(command, log) if on_terminal else run_with_signs_of_life(command, log, label)
    seconds = time.monotonic() - began
    if status == 0:
        say("%s: done in %.1f s" % (label, seconds))
        return 0
    output = path.read_text(encoding="utf-8", errors="replace")
    if not on_terminal:
        sys.stderr.write("".join("    " + line + "\n" for line in last_lines(output, 12)))
    say("%s did not work (all it said: %s)." % (label, path))
    say(remedy_for(output) or "The lines above say why; `make clean` and another try help when something is half done.")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
    except KeyboardInterrupt:
        sys.exit(130)
