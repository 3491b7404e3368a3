"""Named places in the code where a test may let the process die, to prove that nothing is lost.

`STAFFEL_FAILPOINTS="inbox.after_commit=kill@3,outbox.after_send=kill"`: the third pass kills this process with SIGKILL.
Unset, a failpoint costs one dictionary look-up.
"""

import os
import signal
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Failpoint(StrEnum):
    """Every place, in the order a message passes them (faults F1 to F7)."""

    INBOX_BEFORE_INSERT = "inbox.before_insert"
    INBOX_AFTER_COMMIT = "inbox.after_commit"
    TURN_BEFORE_CLAIM = "turn.before_claim"
    TURN_AFTER_CLAIM = "turn.after_claim"
    TURN_AFTER_RASA = "turn.after_rasa"
    REPLY_AFTER_COMMIT = "reply.after_commit"
    OUTBOX_AFTER_SEND = "outbox.after_send"
    WEBHOOK_AFTER_SEND = "webhook.after_send"
    ACCEPT_BEFORE_COMMIT = "accept.before_commit"
    ACCEPT_AFTER_COMMIT = "accept.after_commit"


@dataclass(frozen=True, slots=True)
class _Armed:
    passes: int


_armed: dict[str, _Armed] = {}
_seen: Counter[str] = Counter()


def arm(plan: str) -> None:
    """Set the places from `name=kill@n[,…]`. Raises ValueError on a name or an action that doesn't exist."""
    _armed.clear()
    _seen.clear()
    for part in filter(None, (piece.strip() for piece in plan.split(","))):
        name, _, action = part.partition("=")
        verb, _, count = action.partition("@")
        if verb != "kill":
            raise ValueError(f"failpoint {name!r}: expected kill or kill@N, got {action!r}")
        _armed[Failpoint(name)] = _Armed(int(count or 1))


def failpoint(name: Failpoint) -> None:
    """Die here if a test asked for it."""
    armed = _armed.get(name)
    if armed is None:
        return
    _seen[name] += 1
    if _seen[name] == armed.passes:
        os.kill(os.getpid(), signal.SIGKILL)
