"""Two minutes of everything breaking at random over two instances: F1 to F43 together, as they come in life."""

import tempfile
from pathlib import Path

import pytest

from benchmarks.history.run import HistoryPlan, run_history


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_f11_two_minutes_of_faults_lose_nothing_double_nothing_and_leave_nobody_waiting() -> None:
    with tempfile.TemporaryDirectory(prefix="staffel-history-") as folder:
        report = await run_history(HistoryPlan(seconds=120, customers=12, agents=3, seed=7), Path(folder))
    assert report.faults == [], report.table()
    assert report.acknowledged > 50
    assert report.takeovers > 0
    assert sum(report.happened.values()) > 3
