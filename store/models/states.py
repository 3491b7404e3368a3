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
    """How far an outgoing message has come.

    `stored`: it is in a log that the customer's screen reads, and whether it was seen is the conversation's
    `contact_seen_seq`. `unknown`: it may have arrived, the channel didn't say. `bounced`: a mail that came back.
    """

    PENDING = "pending"
    SENDING = "sending"
    STORED = "stored"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    BOUNCED = "bounced"


class MailKind(StrEnum):
    """What a mail is about. `unseen` are the answers that a customer hasn't seen in the web chat."""

    UNSEEN = "unseen"
    TRANSCRIPT = "transcript"
    INVITATION = "invitation"
    RESET = "reset"
    DIGEST = "digest"
    PROMISE = "promise"
    WEEKLY = "weekly"


class MailRefusal(StrEnum):
    """Why an address gets no mails any more."""

    BOUNCED = "bounced"
    STOPPED = "stopped"


class DigestInterval(StrEnum):
    """How often a member of staff gets a mail of what waits."""

    OFF = "off"
    HOURLY = "hourly"
    DAILY = "daily"


class AttachmentStatus(StrEnum):
    """Whether the content of an attachment is here. `none`: there is nothing to fetch, as with a location."""

    PENDING = "pending"
    KEPT = "kept"
    FAILED = "failed"
    NONE = "none"


class ErasureStatus(StrEnum):
    """How far the wish to erase somebody has come. `waiting` for another admin's yes."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class StoragePlace(StrEnum):
    """Where the bytes of a file are."""

    DATABASE = "database"
    S3 = "s3"


class Role(StrEnum):
    """What somebody is on the team. What each may do is one table: `helpdesk.accounts.roles`."""

    READER = "reader"
    EDITOR = "editor"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Availability(StrEnum):
    """Whether an agent takes conversations; who is only `looking` has the desk open and is offered none."""

    ONLINE = "online"
    LOOKING = "looking"
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


class FollowUpState(StrEnum):
    """How far a follow-up has come.

    `called_off`: there was nothing to ask any more. `impossible`: the contact could not be reached.
    """

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    ENDED = "ended"
    CALLED_OFF = "called_off"
    IMPOSSIBLE = "impossible"


class FollowUpReason(StrEnum):
    """Why a follow-up was called off, or could not be asked."""

    AGENT = "agent"
    SETTLED = "settled"
    WROTE = "wrote"
    WAITS = "waits"
    HANDED_OVER = "handed_over"
    ASKED_OTHERWISE = "asked_otherwise"
    PROMISE = "promise"
    ERASED = "erased"
    BLOCKED = "blocked"
    BOUNCED = "bounced"
    STOPPED = "stopped"
    DECLINED = "declined"
    NO_MAIL = "no_mail"
    UNSEEN = "unseen"
    UNDELIVERED = "undelivered"


class HeldKind(StrEnum):
    """What is held so that it can be undone."""

    ANSWER = "answer"
    RESOLUTION = "resolution"


class PromiseKind(StrEnum):
    """What was promised: an answer here, a call, or something else that an agent has written down."""

    ANSWER = "answer"
    CALLBACK = "callback"
    OTHER = "other"
