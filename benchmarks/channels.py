"""Bursts from every channel, one after the other: `python -m benchmarks channels`."""

import subprocess
import sys

BURSTS = ("telegram_burst", "slack_burst")


def main() -> None:
    """Run them all; fail when one of them fails."""
    sys.exit(
        max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode for name in BURSTS)
    )


if __name__ == "__main__":
    main()
