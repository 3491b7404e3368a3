"""Files as a channel hands them in and reads them: helpdesk keeps them, in the database or elsewhere."""

from collections.abc import AsyncIterator
from typing import Protocol

from connectors.contract.messages import Address, Attachment


class FileKeeper(Protocol):
    """Where a connector puts a file that it holds already, and reads one that it sends."""

    async def keep(self, address: Address, name: str, content: bytes) -> Attachment:
        """Keep a file that came from `address`; the attachment goes into an `InboundMessage` from there.

        What no message takes up is erased after an hour, so a repeat may hand it in again. Pictures are kept without
        their metadata. Raises an error with `code` `file_too_large`, or `unavailable` when it may be tried again.
        """
        ...

    def read(self, key: str) -> AsyncIterator[bytes]:
        """The content of an `OutboundFile`, piece by piece. Raises `Undeliverable` when it has been erased."""
        ...
