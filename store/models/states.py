"""The words that tables keep for where something stands."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a line of the log is."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NOTE = "note"
    ACTIVITY = "activity"


class TurnStatus(StrEnum):
    """How far a turn has come. `withheld`: the answer came after the baton had been passed on."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHHELD = "withheld"


class DeliveryStatus(StrEnum):
    """How far an outgoing message has come. `unknown`: it may have arrived, the channel didn't say."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


class AttachmentStatus(StrEnum):
    """Whether the content of an attachment is here. `none`: there is nothing to fetch, as with a location."""

    PENDING = "pending"
    KEPT = "kept"
    FAILED = "failed"
    NONE = "none"


class Role(StrEnum):
    """What a member of staff may do; an admin may do all an agent may."""

    AGENT = "agent"
    ADMIN = "admin"


class Availability(StrEnum):
    """Whether an agent takes conversations."""

    ONLINE = "online"
    PAUSED = "paused"
    OFFLINE = "offline"


class ArticleState(StrEnum):
    """How far an article is on its way to customers. Only what is `published` do they see."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ArticleEvent(StrEnum):
    """What is done to an article; each leaves a version."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    DISCARD = "discard"
    ARCHIVE = "archive"
    RESTORE = "restore"
    REOPEN = "reopen"
    ROLLBACK = "rollback"
    IMPORT = "import"


class SiteStatus(StrEnum):
    """Whether a site is to be read. `pending`: when its time has come."""

    IDLE = "idle"
    PENDING = "pending"
    READING = "reading"


class ExpectedInput(StrEnum):
    """What the next line of a waiting contact is expected to be."""

    NOTHING = "nothing"
    CORRECTION = "correction"
    EMAIL = "email"
    PHONE = "phone"
    WINDOW = "window"


class PromiseKind(StrEnum):
    """What was promised: an answer here, a call, or something else that an agent has written down."""

    ANSWER = "answer"
    CALLBACK = "callback"
    OTHER = "other"
