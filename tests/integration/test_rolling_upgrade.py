"""Two instances are replaced one after the other while customers and agents are at work: nothing is lost or doubled."""

import tempfile
from pathlib import Path

import pytest

from benchmarks.history.rolling import replace_one_by_one
from benchmarks.history.run import HistoryPlan, run_history


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_instances_replaced_one_by_one_lose_no_line_and_double_none() -> None:
    with tempfile.TemporaryDirectory(prefix="staffel-rolling-") as folder:
        plan = HistoryPlan(seconds=0, customers=4, agents=2, seed=3)
        report = await run_history(plan, Path(folder), happening=replace_one_by_one)
    assert report.faults == [], report.table()
    assert report.happened == {"replaced an instance": 2}
    assert report.acknowledged > 10
