"""How many requests a minute a key may make, and the headers that say how many are left."""

from dataclasses import dataclass, field
from time import monotonic

from helpdesk.accounts.keys import KeyHolder
from store.errors import TooManyRequests

_WINDOW_SECONDS = 60.0
#: Keys whose count is remembered; there are few.
_REMEMBERED = 1_000


@dataclass(slots=True)
class _Windows:
    """By key: when its minute began, and how many requests were made in it. Each instance counts for itself."""

    began: dict[str, tuple[float, int]] = field(default_factory=dict)


_windows = _Windows()


def take_turn(holder: KeyHolder, time: float | None = None) -> dict[str, str]:
    """Count a request; the headers for its answer. Raises `TooManyRequests`, which says when to come again."""
    time = monotonic() if time is None else time
    began, count = _windows.began.get(holder.id, (time, 0))
    if time - began >= _WINDOW_SECONDS:
        began, count = time, 0
    left = _WINDOW_SECONDS - (time - began)
    if count >= holder.per_minute:
        raise TooManyRequests(f"This key may make {holder.per_minute} requests a minute.", after=left)
    _windows.began[holder.id] = (began, count + 1)
    while len(_windows.began) > _REMEMBERED:
        del _windows.began[next(iter(_windows.began))]
    return {
        "RateLimit-Limit": str(holder.per_minute),
        "RateLimit-Remaining": str(holder.per_minute - count - 1),
        "RateLimit-Reset": str(max(1, round(left))),
    }
