"""`python -m benchmarks` (or `make bench`) measures everything; with a name and arguments, only that."""

import subprocess
import sys
from pathlib import Path

from benchmarks.faq import DATA, SETS, files_of

COMMANDS = (
    "faq",
    "rasa_stock",
    "scale",
    "importing",
    "live",
    "messy",
    "dialogues",
    "everyday",
    "long_conversation",
    "history",
    "channels",
    "summary",
    "queue",
    "claims",
    "wish",
    "intents",
    "coach",
    "timing",
    "mood",
    "feelings",
    "house",
    "speed",
    "rush",
    "throughput",
    "line_cost",
    "relay",
    "bot_call",
    "embedding",
    "start",
    "sentence",
    "files",
    "search",
    "mail_burst",
    "numbers",
    "desk_latency",
    "desk_memory",
)

OF_THE_BOT = frozenset({"intents"})
"""What is measured of the bot's own code, with its Python."""
BOTS_PYTHON = Path(__file__).parents[1] / "bot" / ".venv" / "bin" / "python"


def main() -> None:
    """Run one benchmark, or all whose data is there, each in a process of its own; fail when one of them fails."""
    if len(sys.argv) > 1:
        if sys.argv[1] not in COMMANDS:
            sys.exit(f"Usage: python -m benchmarks [NAME [ARGUMENTS]], where NAME is one of: {', '.join(COMMANDS)}")
        sys.exit(_run(*sys.argv[1:]))
    sys.exit(max(_run(*command) for command in _everything()))


def _everything() -> list[tuple[str, ...]]:
    found = [name for name in SETS if all(file.exists() for file in files_of(name, DATA))]
    missing = [name for name in SETS if name not in found]
    if missing:
        print(f"Left out, their data isn't in {DATA}: {', '.join(missing)}", file=sys.stderr)
    mood = [("mood",)] if (DATA / "handoff").exists() else []
    scale = (
        ("scale", "1000"),
        ("scale", "100000"),
        ("importing", "10000"),
        ("live",),
        ("search", "10000"),
        ("numbers", "10000"),
    )
    alone = (
        "messy",
        "everyday",
        "long_conversation",
        "history",
        "channels",
        "queue",
        "claims",
        "wish",
        "intents",
        "coach",
        "timing",
        "feelings",
        "house",
        "speed",
        "embedding",
        "sentence",
        "files",
        "mail_burst",
    )
    line = (("line_cost",), ("line_cost", "--on", "postgresql"), ("relay",), ("bot_call",))
    busy = (("rush",), ("throughput",), *line, ("start",))
    return [*(("faq", name) for name in found), *scale, *((name,) for name in alone), *busy, *mood]


def _run(name: str, *arguments: str) -> int:
    python = BOTS_PYTHON if name in OF_THE_BOT else sys.executable
    return subprocess.run([python, "-m", f"benchmarks.{name}", *arguments], check=False).returncode


if __name__ == "__main__":
    main()
