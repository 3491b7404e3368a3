"""Secrets of the channels, encrypted with a key derived from `STAFFEL_SECRET_KEY` before they reach the database."""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import HelpdeskError


class LostKey(HelpdeskError):
    """What is stored was encrypted with another key."""

    status = 500
    code = "lost_key"


class Vault:
    """Encrypts and decrypts with one key."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"staffel channel secrets").derive(
            secret_key.encode()
        )
        self._cipher = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, secrets: Mapping[str, str]) -> str:
        """The secrets as they are stored."""
        return self._cipher.encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, stored: str) -> dict[str, str]:
        """The secrets again. Raises `LostKey`."""
        try:
            opened: dict[str, str] = json.loads(self._cipher.decrypt(stored.encode()))
        except InvalidToken:
            raise LostKey(
                "The channel's secrets were encrypted with another STAFFEL_SECRET_KEY. "
                "Put the old key back, or connect the channel anew."
            ) from None
        return opened
