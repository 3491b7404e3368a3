"""Who answers a conversation. Standard library only, so that the rules about it stay pure."""

from enum import StrEnum


class Status(StrEnum):
    """Who answers a conversation."""

    BOT = "bot"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"


class Event(StrEnum):
    """What can happen to a conversation."""

    REQUEST_HANDOFF = "request_handoff"
    ACCEPT = "accept"
    CANCEL = "cancel"
    EXPIRE = "expire"
    TRANSFER = "transfer"
    TRANSFER_TO_QUEUE = "transfer_to_queue"
    RELEASE = "release"
    AGENT_LOST = "agent_lost"
    RETURN_TO_BOT = "return_to_bot"
    RESOLVE = "resolve"
    CONTACT_WRITES = "contact_writes"
    REOPEN = "reopen"
