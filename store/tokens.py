"""Tokens open doors; tables keep only what can't be turned back into one."""

import hashlib


def token_hash(token: str) -> str:
    """What the tables keep of a token. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
