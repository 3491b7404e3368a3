"""What a button carries: which choice of which message it is, signed, so that nobody can press what wasn't offered."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from connectors.contract import Address, Tap

_PURPOSE = b"telegram buttons"
_FIELDS = 5
_SIGNATURE_LENGTH = 22  # 16 bytes in base64: callback data may be 64 bytes long at most


class ChoiceSigner:
    """Signs choices with a key of its own, made from the installation's secret."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.digest(secret_key.encode(), _PURPOSE, hashlib.sha256)

    def sign(self, address: Address, seq: int, choice: int, mark: str = "") -> str:
        """Callback data for button `choice` of line `seq`: good for this chat, person and conversation alone."""
        return f"1:{seq}:{choice}:{mark}:{self._signature(address, seq, choice, mark)}"

    def verify(self, address: Address, data: str) -> Tap | None:
        """The choice that `data` names; None when we didn't sign it for this chat and person."""
        fields = data.split(":")
        if len(fields) != _FIELDS or fields[0] != "1" or not _is_number(fields[1]) or not _is_number(fields[2]):
            return None
        seq, choice, mark = int(fields[1]), int(fields[2]), fields[3]
        expected = self._signature(address, seq, choice, mark)
        if not hmac.compare_digest(fields[4].encode(), expected.encode()):
            return None
        return Tap(seq=seq, choice=choice, mark=mark)

    def _signature(self, address: Address, seq: int, choice: int, mark: str) -> str:
        said = "\n".join((address.account, address.chat_id, address.thread or "", str(seq), str(choice), mark))
        digest = hmac.digest(self._key, said.encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).decode()[:_SIGNATURE_LENGTH]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
