"""Signed addresses and message ids, from which the answer to a mail finds its conversation again.

Both carry the conversation's id and a signature of 72 bits, made with a key of their own: nobody can write an address
or an id for another conversation. They are no proof of who writes: whoever was forwarded a mail knows them too.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

_MAC_BYTES = 9
_ID_BYTES = 16
_TOKEN = "[a-z2-7]{40}"  # noqa: S105 - the form of one, base32 of 25 bytes
_PLUS = re.compile(rf"\+({_TOKEN})(?=@)", re.IGNORECASE)
_MESSAGE_ID = re.compile(rf"<({_TOKEN})\.([A-Za-z0-9-]+)@[^<>@\s]+>", re.IGNORECASE)


class ReplyAddresses:
    """Makes and reads what leads an answer back to its conversation. `sender` is the address that mails come from."""

    def __init__(self, secret_key: str, sender: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"staffel reply address", "sha256")
        self.sender = sender
        self._local, _, self._domain = sender.partition("@")

    def address(self, conversation_id: str) -> str:
        """Where an answer goes: the sender's address with a signed token, such as `support+mfzx…@example.com`."""
        token = self._sign(conversation_id, "address")
        return f"{self._local.partition('+')[0]}+{token}@{self._domain}"

    def conversation_of_address(self, address: str) -> str | None:
        """The id of the conversation that an address of ours belongs to; `None` for a forged or any other one."""
        found = _PLUS.search(address)
        return self._verify(found[1], "address") if found else None

    def message_id(self, conversation_id: str, part: str) -> str:
        """The id of one mail of a conversation. `part`, of letters and digits, tells it from the others: it stays the
        same when a mail is sent once more, so that a mailbox shows it once.
        """
        return f"<{self._sign(conversation_id, f'id {part.lower()}')}.{part}@{self._domain}>"

    def conversation_of_message_ids(self, ids: Iterable[str]) -> str | None:
        """The conversation of the first id of ours among those of In-Reply-To and References; `None` without one."""
        for each in ids:
            for token, part in _MESSAGE_ID.findall(each):
                if conversation := self._verify(token, f"id {part.lower()}"):
                    return conversation
        return None

    def _sign(self, conversation_id: str, use: str) -> str:
        identity = bytes.fromhex(conversation_id)
        if len(identity) != _ID_BYTES:
            raise ValueError("a conversation's id has 32 hexadecimal digits")
        return base64.b32encode(identity + self._mac(identity, use)).decode().lower()

    def _verify(self, token: str, use: str) -> str | None:
        try:
            signed = base64.b32decode(token.upper())
        except binascii.Error:
            return None
        identity, mac = signed[:_ID_BYTES], signed[_ID_BYTES:]
        return identity.hex() if hmac.compare_digest(mac, self._mac(identity, use)) else None

    def _mac(self, identity: bytes, use: str) -> bytes:
        return hmac.new(self._key, use.encode() + b"\0" + identity, sha256).digest()[:_MAC_BYTES]
