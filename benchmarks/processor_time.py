"""Processor time by process: of programs of ours with all they have started, and of a database's connections."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import asyncpg
import psutil


@dataclass(slots=True)
class ProcessorMeter:
    """Adds up what each group of processes uses from `start` on; a process that has ended keeps what was seen last."""

    programs: dict[str, int]
    server: str = ""
    database: str = ""
    _before: dict[str, dict[int, float]] = field(default_factory=dict)
    _latest: dict[str, dict[int, float]] = field(default_factory=dict)

    async def start(self) -> None:
        """From here on."""
        self._before = {name: _used_by(pids) for name, pids in (await self._groups()).items()}
        self._latest = {name: dict(used) for name, used in self._before.items()}

    async def look(self) -> None:
        """To be called now and then, since connections come and go."""
        for name, pids in (await self._groups()).items():
            self._latest.setdefault(name, {}).update(_used_by(pids))

    def seconds(self) -> dict[str, float]:
        """Seconds of processor by group, from `start` to the last look."""
        return {
            name: sum(used - self._before.get(name, {}).get(pid, 0.0) for pid, used in latest.items())
            for name, latest in self._latest.items()
        }

    async def _groups(self) -> dict[str, list[int]]:
        groups = {name: _family(pid) for name, pid in self.programs.items()}
        return groups | ({"database": await _connections(self.server, self.database)} if self.server else {})


def _family(pid: int) -> list[int]:
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _used_by(pids: Iterable[int]) -> dict[int, float]:
    used = {}
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.NoSuchProcess:
            continue
        used[pid] = times.user + times.system
    return used


async def _connections(server: str, database: str) -> list[int]:
    """The processes of PostgreSQL that serve connections to `database`, without its writers in the background."""
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE datname = $1", database)
    finally:
        await connection.close()
    return [row["pid"] for row in rows]
