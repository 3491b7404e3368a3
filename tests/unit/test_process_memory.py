"""How memory is handed out and given back."""

import subprocess
import sys

import pytest

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
