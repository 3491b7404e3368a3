"""The least that a relay of lines can be: `python -m benchmarks.echo_server PORT FILE`, the peer of `relay`.

A WebSocket server that writes each line into an SQLite database, with a commit that waits for the disk as ours does,
and sends it back. No accounts, no log, no delivery, nobody else who is told.
"""

import asyncio
import json
import sqlite3
import sys

from websockets.asyncio.server import ServerConnection, serve


def main() -> None:
    """Serve until the process is ended."""
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))


async def _serve(port: int, file: str) -> None:
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE lines (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    async def echo(socket: ServerConnection) -> None:
        async for frame in socket:
            text = json.loads(frame)["text"]
            seq = db.execute("INSERT INTO lines (text) VALUES (?)", (text,)).lastrowid
            await socket.send(json.dumps({"seq": seq, "text": text}))

    async with serve(echo, "127.0.0.1", port):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    main()
