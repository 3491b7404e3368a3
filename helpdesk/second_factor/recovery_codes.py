"""Recovery codes: ten, each good once, kept as hashes. 80 random bits each, so that a plain hash is enough."""

import base64
import re
import secrets

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import RecoveryCode
from store.tokens import token_hash

COUNT = 10
_LENGTH = 16


async def replace_codes(session: AsyncSession, agent_id: str) -> list[str]:
    """Ten new codes, as they are shown once: `abcd-efgh-ijkl-mnop`. The former ones end."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(COUNT)]
    session.add_all(RecoveryCode(code_hash=token_hash(code), agent_id=agent_id) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


async def use_code(session: AsyncSession, agent_id: str, typed: str) -> bool:
    """Use up the code that was typed, in whatever case and with whatever between; whether it was one."""
    plain = re.sub(r"[^a-z2-7]", "", typed.lower())
    if len(plain) != _LENGTH:
        return False
    used = await session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.code_hash == token_hash(plain), RecoveryCode.agent_id == agent_id)
        .returning(RecoveryCode.code_hash)
    )
    return used.scalar_one_or_none() is not None
