"""Signed links in mails: back into a conversation, and no more mails. They say what they are for, and have an end."""

import base64
import binascii
import hmac
import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from store.models import now

#: How long a link leads back into its conversation.
RETURN_FOR = timedelta(days=14)
#: How long a link downloads what was said.
DOWNLOAD_FOR = timedelta(hours=24)
#: How long a mail can be used to have no more of them.
STOP_FOR = timedelta(days=365)
_RATINGS = {True: "rate good", False: "rate bad"}
_ID_BYTES, _MAC_BYTES = 16, 16
_FORM = struct.Struct(f"!{_ID_BYTES}sI{_MAC_BYTES}s")


class ReturnLink(NamedTuple):
    """The conversation that a signed link is for, and when it was made."""

    conversation_id: str
    made_at: datetime


class RatingLink(NamedTuple):
    """The conversation that a signed link rates, and how."""

    conversation_id: str
    helped: bool


class MailLinks:
    """Makes and reads the links; `origin` is the address that people reach this installation at."""

    TRANSCRIPT_PATH = "/transcript/"

    def __init__(self, secret_key: str, origin: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"staffel mail links", "sha256")
        self._origin = origin

    def return_link(self, conversation_id: str, until: datetime) -> str:
        """Opens the conversation in any browser until a certain time."""
        return f"{self._origin}/continue/mail/{self._sign('return', conversation_id, until)}"

    def stop_link(self, contact_id: str, until: datetime) -> str:
        """Ends the mails to a contact."""
        return f"{self._origin}/mail/stop/{self._sign('stop', contact_id, until)}"

    def rating_link(self, conversation_id: str, until: datetime, *, helped: bool) -> str:
        """Says how it was, after a press of a button."""
        return f"{self._origin}/mail/rating/{self._sign(_RATINGS[helped], conversation_id, until)}"

    def transcript_link(self, conversation_id: str, until: datetime) -> str:
        """Downloads what the contact saw of a conversation."""
        return f"{self._origin}{self.TRANSCRIPT_PATH}{self._sign('transcript', conversation_id, until)}"

    def read_transcript(self, token: str) -> ReturnLink | None:
        """What a link downloads; `None` likewise."""
        verified = self._verify("transcript", token)
        return verified and ReturnLink(verified[0], verified[1] - DOWNLOAD_FOR)

    def read_return(self, token: str) -> ReturnLink | None:
        """What a link leads back into; `None` for one that is forged, or whose time is over."""
        verified = self._verify("return", token)
        return verified and ReturnLink(verified[0], verified[1] - RETURN_FOR)

    def read_rating(self, token: str) -> RatingLink | None:
        """What a link says; `None` likewise."""
        for helped, use in _RATINGS.items():
            if verified := self._verify(use, token):
                return RatingLink(verified[0], helped)
        return None

    def contact_of(self, token: str) -> str | None:
        """The contact who wants no more mails; `None` likewise."""
        verified = self._verify("stop", token)
        return verified and verified[0]

    def _sign(self, use: str, identity: str, until: datetime) -> str:
        signed, ends = bytes.fromhex(identity), int(until.timestamp())
        return base64.urlsafe_b64encode(_FORM.pack(signed, ends, self._mac(use, signed, ends))).decode()

    def _verify(self, use: str, token: str) -> tuple[str, datetime] | None:
        """What a link is for, and its end."""
        try:
            identity, ends, mac = _FORM.unpack(base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True))
        except (binascii.Error, struct.error, UnicodeEncodeError):
            return None
        genuine, until = hmac.compare_digest(mac, self._mac(use, identity, ends)), datetime.fromtimestamp(ends, UTC)
        return (identity.hex(), until) if genuine and until > now() else None

    def _mac(self, use: str, identity: bytes, ends: int) -> bytes:
        return hmac.new(self._key, f"{use} {ends} ".encode() + identity, sha256).digest()[:_MAC_BYTES]
