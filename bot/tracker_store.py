"""The bot's memory: each conversation's last turns and its state before them, and the reply to each turn, in SQLite.

Rasa reads the whole tracker again on every turn. Here it is never longer than `REMEMBERED_TURNS`, so that the two
hundredth turn costs what the fifth did. helpdesk's log is the truth; this is what the next answer needs to know.

A turn's tracker and its reply are committed together: a turn either happened, with a reply to repeat, or it did not.
"""

import json
import os
import sqlite3
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.tracker_window import last_turns

REMEMBERED_TURNS = 5
RETENTION_DAYS = 30
REPLY_RETENTION_DAYS = 3
DAY = 86_400.0
HOUR = 3_600.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS trackers (
    sender TEXT PRIMARY KEY, slots TEXT NOT NULL, events TEXT NOT NULL, changed REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trackers_changed ON trackers (changed);
CREATE TABLE IF NOT EXISTS replies (
    turn_id TEXT PRIMARY KEY, sender TEXT NOT NULL, reply TEXT NOT NULL, made REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS replies_made ON replies (made);
CREATE INDEX IF NOT EXISTS replies_sender ON replies (sender);
"""


def database_path() -> Path:
    """`$STAFFEL_HOME/bot/tracker.db`, by default under `./var`."""
    return Path(os.environ.get("STAFFEL_HOME") or "var") / "bot" / "tracker.db"


class BoundedTrackerStore(TrackerStore):
    """Rasa's tracker store on one SQLite file. Errors are raised, never replaced by a memory that forgets."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`host` is Rasa's name for the `url` in endpoints.yml: here the path of another database file."""
        super().__init__(domain, event_broker)
        self._path = Path(host) if host else database_path()
        self._connection = _open(self._path)
        self._retention = float(os.environ.get("STAFFEL_BOT_RETENTION_DAYS") or RETENTION_DAYS) * DAY
        self._forgotten_at = 0.0

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Rasa's own way to store (`rasa shell`); our channel uses `commit`."""
        if self.event_broker:
            await self.stream_events(tracker)
        with self._connection:
            self._write(tracker)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new tracker, not stored before something has happened in it."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        row = self._connection.execute("SELECT slots, events FROM trackers WHERE sender = ?", (sender_id,)).fetchone()
        return self._restore(sender_id, json.loads(row[0]), json.loads(row[1])) if row else None

    async def keys(self) -> Iterable[str]:
        return [row[0] for row in self._connection.execute("SELECT sender FROM trackers")]

    def commit(self, tracker: DialogueStateTracker, turn_id: str, reply: dict[str, Any]) -> None:
        """Stores the conversation and the reply to this turn in one transaction."""
        with self._connection:
            self._write(tracker)
            self._connection.execute(
                "INSERT INTO replies VALUES (?, ?, ?, ?)", (turn_id, tracker.sender_id, json.dumps(reply), time.time())
            )
        self.forget_old()

    def reply_to(self, turn_id: str) -> dict[str, Any] | None:
        """What was answered to this turn, if it has been."""
        row = self._connection.execute("SELECT reply FROM replies WHERE turn_id = ?", (turn_id,)).fetchone()
        return dict(json.loads(row[0])) if row else None

    def forget(self, sender_id: str) -> None:
        """Drops all that is kept of a conversation: slots, events, replies."""
        with self._connection:
            self._connection.execute("DELETE FROM trackers WHERE sender = ?", (sender_id,))
            self._connection.execute("DELETE FROM replies WHERE sender = ?", (sender_id,))
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log held the words, too

    def check(self) -> None:
        """Raises sqlite3.Error unless the database can be read and written."""
        self._connection.execute("SELECT 1 FROM trackers LIMIT 1").fetchone()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("ROLLBACK")
        if not self._path.exists():
            raise sqlite3.OperationalError("the tracker database's file is gone")

    def forget_old(self, now: float | None = None) -> None:
        """At most once an hour: drops conversations nobody has written in for a while, and replies nobody repeats."""
        now = time.time() if now is None else now
        if now - self._forgotten_at < HOUR:
            return
        self._forgotten_at = now
        with self._connection:
            self._connection.execute("DELETE FROM trackers WHERE changed < ?", (now - self._retention,))
            self._connection.execute("DELETE FROM replies WHERE made < ?", (now - REPLY_RETENTION_DAYS * DAY,))
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(self, tracker: DialogueStateTracker) -> None:
        window = last_turns(list(tracker.events), REMEMBERED_TURNS, self.init_tracker(tracker.sender_id))
        events = [event.as_dict() for event in window.events]
        self._connection.execute(
            "INSERT OR REPLACE INTO trackers VALUES (?, ?, ?, ?)",
            (tracker.sender_id, json.dumps(window.slots), json.dumps(events), time.time()),
        )

    def _restore(self, sender_id: str, slots: dict[str, Any], events: list[dict[str, Any]]) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        start = events[0]["timestamp"] if events else None
        for name, value in slots.items():
            if name in tracker.slots:
                tracker.update(SlotSet(name, value, timestamp=start))
        for event in events:
            tracker.update(restored(event), self.domain)
        return tracker


@cache
def event_class(type_name: str) -> type[Event]:
    """Rasa walks all subclasses of Event for every single event it reads; once for each name is enough."""
    for kind in all_subclasses(Event):
        if kind.type_name == type_name:
            return kind
    raise ValueError(f"Unknown event {type_name!r} in the tracker database; it was written by another version of Rasa")


def restored(stored: dict[str, Any]) -> Event:
    event = event_class(stored["event"])._from_parameters(stored)
    if event is None:
        raise ValueError(f"The stored event {stored['event']!r} can not be read")
    return event


def _open(path: Path) -> sqlite3.Connection:
    """WAL, so that a crash of the process loses nothing; the file is readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level="DEFERRED", check_same_thread=False, timeout=2.0)
    path.chmod(0o600)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(SCHEMA)
    return connection
