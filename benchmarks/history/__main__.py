"""`python -m benchmarks history`: faults at random over two instances, and the log held against what was acknowledged.

python -m benchmarks history --seconds 120 --customers 30
python -m benchmarks history --rolling --code ../older    an upgrade of two instances, one after the other
"""

import asyncio
import sys
from pathlib import Path

import click

from benchmarks.history.faults import break_things
from benchmarks.history.rolling import replace_one_by_one
from benchmarks.history.run import HistoryPlan, run_history
from tests.processes import ROOT


@click.command()
@click.option("--seconds", default=120.0, show_default=True, help="how long things break")
@click.option("--customers", default=30, show_default=True)
@click.option("--agents", default=4, show_default=True)
@click.option("--seed", default=1, show_default=True, help="the faults and what people do; never their timing")
@click.option("--keep", type=click.Path(path_type=Path), help="a folder for logs and the database's files")
@click.option("--rolling", is_flag=True, help="replace the instances one after the other instead")
@click.option("--code", default=ROOT, type=click.Path(path_type=Path), help="the code that they begin with")
def main(seconds: float, customers: int, agents: int, seed: int, keep: Path | None, rolling: bool, code: Path) -> None:
    """Let things break for SECONDS, then print what was done and every fault that was found."""
    plan = HistoryPlan(seconds=seconds, customers=customers, agents=agents, seed=seed)
    happening = replace_one_by_one if rolling else break_things
    report = asyncio.run(run_history(plan, keep, happening=happening, code=code.resolve()))
    print(report.table())
    sys.exit(1 if report.faults else 0)


if __name__ == "__main__":
    main()
