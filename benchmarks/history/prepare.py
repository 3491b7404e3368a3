"""A database of its own for a history, made by the code in the working folder: tables, a key, agents.

Run as a program, since the code may be an older one than this: `python prepare.py URL AGENTS` prints JSON.
"""

import asyncio
import json
import sys

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.keys import make_key
from store.db import Database
from store.migrate import upgrade_async
from store.models import Role


async def prepare(url: str, agents: int) -> tuple[str, list[str]]:
    """Tables, a key for the agents' programs, and the ids of the agents."""
    db = Database(url)
    try:
        await upgrade_async(db)
        key = await make_key(db, "history", ["conversations", "handoff", "messages"])
        hired = [
            await add_agent(db, f"agent{number}@history.example", f"Agent {number}", Role.AGENT)
            for number in range(agents)
        ]
        return key, [agent.id for agent in hired]
    finally:
        await db.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(prepare(sys.argv[1], int(sys.argv[2])))))
