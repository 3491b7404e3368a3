"""What may go wrong on the way out, each with its remedy."""


class RetryLater(Exception):
    """The channel took nothing and asks for patience of `after` seconds: for this lane, or for the whole account."""

    def __init__(self, after: float, reason: str = "", *, account: bool = False) -> None:
        super().__init__(reason or f"retry after {after:g} s")
        self.after = after
        self.account = account


class DeliveryUnclear(Exception):
    """Nobody knows whether the part arrived: the line broke after it had gone out."""


class IdUsedTwice(Exception):
    """A message with this `external_id` was stored before with other words."""


class ChatMoved(Exception):
    """The chat goes on under `chat_id`; send there."""

    def __init__(self, chat_id: str) -> None:
        super().__init__("the chat has moved")
        self.chat_id = chat_id


class Undeliverable(Exception):
    """The channel will never take this message; `reason` is for the agent to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
