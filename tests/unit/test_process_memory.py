"""How memory is handed out and given back."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from store.process_memory import give_back_memory, note_mapped

PROGRAM = """
import threading
from store.process_memory import give_back_memory, share_arenas
share_arenas()
def keep(): kept.append([bytes(600) for _ in range(40_000)])
def anonymous():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon"))
kept = []
threads = [threading.Thread(target=keep) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
full = anonymous()
kept.clear()
give_back_memory()
print(full, anonymous())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has pools to share")
def test_what_threads_no_longer_need_goes_back_to_the_system() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    full, left = map(int, said.stdout.split())
    assert full > 150_000
    assert left < full / 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_was_read_of_a_mapped_file_goes_and_can_be_read_again(tmp_path: Path) -> None:
    size = 8 * 1024 * 1024
    (tmp_path / "table").write_bytes(b"x" * size)
    with (tmp_path / "table").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table:
        note_mapped(table)
        assert table[:].count(b"x") == size
        assert _resident_kilobytes(tmp_path / "table") == size / 1024
        give_back_memory()
        assert _resident_kilobytes(tmp_path / "table") == 0
        assert table[:3] == b"xxx"
    give_back_memory()  # it is closed by now


def _resident_kilobytes(file: Path) -> float:
    lines = iter(Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines())
    next(line for line in lines if line.endswith(str(file)))
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
