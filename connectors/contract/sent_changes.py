"""How channels change a message that has gone out: one part after the other, in the order in which they went. Pure."""

from dataclasses import dataclass

from connectors.contract.connector import SentPart
from connectors.contract.errors import Undeliverable
from connectors.contract.messages import OutboundMessage

TOO_LONG = "The corrected answer needs more messages than the one that was sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """What becomes of the part `external_id`: it is removed, or gets the words number `words` (from 0), or stays."""

    external_id: str
    is_removed: bool
    words: int | None
    more: bool

    @property
    def done(self) -> SentPart:
        """What a connector returns once the channel has changed the part."""
        return SentPart(external_id=self.external_id, more=self.more)


def next_change(message: OutboundMessage, count: int, *, unknown: str) -> PartChange:
    """The next part to change where the new words make `count` parts; what was sent beyond them is removed.

    Raises `Undeliverable` for more words than parts, and with the sentence `unknown` where the parts aren't known.
    """
    change = message.change
    if change is None or not change.parts:
        raise Undeliverable(unknown)
    sent, at = len(change.parts) - change.files, len(message.parts)
    if not change.is_removal and count > sent:
        raise Undeliverable(TOO_LONG)
    is_removed = change.is_removal or count <= at < sent
    return PartChange(
        external_id=change.parts[at],
        is_removed=is_removed,
        words=at if at < count and not is_removed else None,
        more=at + 1 < (len(change.parts) if change.is_removal else sent),
    )
