"""What may be used once, on whichever instance it is used."""

from sqlalchemy import bindparam, text

from store.db import Database
from store.models import UtcDateTime, now

_USE = text(
    "INSERT INTO throttles (key, window_start, count) VALUES (:key, :at, 1) ON CONFLICT (key) DO NOTHING RETURNING key"
).bindparams(bindparam("at", type_=UtcDateTime()))


class UsedNonces:
    """Writes down each use as an attempt, which is forgotten after a day. Connectors know it as the port `Nonces`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def use(self, nonce: str) -> bool:
        """Whether `nonce` is used for the first time. Raises `Unavailable`."""
        async with self._db.write() as session:
            found = await session.execute(_USE, {"key": f"nonce:{nonce}", "at": now()})
            return found.first() is not None
