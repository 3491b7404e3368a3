"""What stays: the tables, by the nouns of docs/glossary.md."""

from store.models.agent_work import AgentDraft, HeldAction, StaffMention
from store.models.allowances import AllowanceRecord
from store.models.audit import AuditCheckpoint, AuditEntry, AuditHead, UnmaskGrant
from store.models.base import Base, UtcDateTime, new_id, now, table_of
from store.models.canned_replies import CannedReply
from store.models.channels import AttachmentRecord, ChannelAccount, ContactLink, Lease, Pace
from store.models.conversations import (
    OPEN_TURN,
    AskedQuestion,
    Contact,
    Conversation,
    Delivery,
    Feedback,
    Message,
    Meta,
    Turn,
    VisitorToken,
)
from store.models.events import ConversationEvent, WebhookDelivery, WebhookRecord
from store.models.facts import ContactMove, CustomerAttributes, QuestionCandidate, RewordingSwitches, WeekTimes
from store.models.figures import DailyFigures
from store.models.files import FilePiece, StoredFile
from store.models.follow_ups import FollowUp
from store.models.handoff import Endpoint, Handoff, Promise, RuleSet, Team, TeamMember
from store.models.handoff_facts import (
    DecisionRecord,
    QueuePlaceRecord,
    SummaryLineRecord,
    SummaryRecord,
    SummaryWordingRecord,
    WaitNoticeRecord,
)
from store.models.installation import Installation
from store.models.knowledge import (
    Article,
    ArticleEditor,
    ArticleVersion,
    Embedding,
    HelpJudgement,
    KnowledgeRevision,
    Variant,
)
from store.models.lookups import LookupRecord
from store.models.mails import AsideMail, MailDelivery
from store.models.message_facts import (
    Activity,
    LineMoodRecord,
    MessageEdit,
    MessageFacts,
    MoodRecord,
    MoodSignRecord,
    RelatedQuestion,
)
from store.models.notices import NoticeRecord, NoticeTelling
from store.models.notifications import Notification, NotificationWish, PushDevice, RemovedPushDevice
from store.models.people import ContactMerge, Identity, IdentityKey, IdentityToken, Person
from store.models.privacy import ErasureRecord, PrivacyNotice
from store.models.ratings import Rating
from store.models.search import INDEX_TABLE, ConversationNumber, SavedView
from store.models.sign_in import AgentIdentity, SignInProvider
from store.models.sites import ArticleSource, Site, SitePageRecord
from store.models.staff import Agent, AgentSession, ApiKey, Invitation, RecoveryCode, SecondFactor, Throttle
from store.models.staff_alerts import StaffAlert, StaffAlertRule
from store.models.staffing import StaffingSample
from store.models.states import (
    ArticleEvent,
    ArticleState,
    AttachmentStatus,
    Availability,
    DeliveryStatus,
    DigestInterval,
    ErasureStatus,
    ExpectedInput,
    FollowUpReason,
    FollowUpState,
    HeldKind,
    MailKind,
    MailRefusal,
    MessageKind,
    PromiseKind,
    Role,
    SiteStatus,
    StoragePlace,
    TurnStatus,
)
from store.models.tags import ConversationTag, Tag, TagColor
from store.models.translations import StoredTranslation

__all__ = [
    "INDEX_TABLE",
    "OPEN_TURN",
    "Activity",
    "Agent",
    "AgentDraft",
    "AgentIdentity",
    "AgentSession",
    "AllowanceRecord",
    "ApiKey",
    "Article",
    "ArticleEditor",
    "ArticleEvent",
    "ArticleSource",
    "ArticleState",
    "ArticleVersion",
    "AsideMail",
    "AskedQuestion",
    "AttachmentRecord",
    "AttachmentStatus",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditHead",
    "Availability",
    "Base",
    "CannedReply",
    "ChannelAccount",
    "Contact",
    "ContactLink",
    "ContactMerge",
    "ContactMove",
    "Conversation",
    "ConversationEvent",
    "ConversationNumber",
    "ConversationTag",
    "CustomerAttributes",
    "DailyFigures",
    "DecisionRecord",
    "Delivery",
    "DeliveryStatus",
    "DigestInterval",
    "Embedding",
    "Endpoint",
    "ErasureRecord",
    "ErasureStatus",
    "ExpectedInput",
    "Feedback",
    "FilePiece",
    "FollowUp",
    "FollowUpReason",
    "FollowUpState",
    "Handoff",
    "HeldAction",
    "HeldKind",
    "HelpJudgement",
    "Identity",
    "IdentityKey",
    "IdentityToken",
    "Installation",
    "Invitation",
    "KnowledgeRevision",
    "Lease",
    "LineMoodRecord",
    "LookupRecord",
    "MailDelivery",
    "MailKind",
    "MailRefusal",
    "Message",
    "MessageEdit",
    "MessageFacts",
    "MessageKind",
    "Meta",
    "MoodRecord",
    "MoodSignRecord",
    "NoticeRecord",
    "NoticeTelling",
    "Notification",
    "NotificationWish",
    "Pace",
    "Person",
    "PrivacyNotice",
    "Promise",
    "PromiseKind",
    "PushDevice",
    "QuestionCandidate",
    "QueuePlaceRecord",
    "Rating",
    "RecoveryCode",
    "RelatedQuestion",
    "RemovedPushDevice",
    "RewordingSwitches",
    "Role",
    "RuleSet",
    "SavedView",
    "SecondFactor",
    "SignInProvider",
    "Site",
    "SitePageRecord",
    "SiteStatus",
    "StaffAlert",
    "StaffAlertRule",
    "StaffMention",
    "StaffingSample",
    "StoragePlace",
    "StoredFile",
    "StoredTranslation",
    "SummaryLineRecord",
    "SummaryRecord",
    "SummaryWordingRecord",
    "Tag",
    "TagColor",
    "Team",
    "TeamMember",
    "Throttle",
    "Turn",
    "TurnStatus",
    "UnmaskGrant",
    "UtcDateTime",
    "Variant",
    "VisitorToken",
    "WaitNoticeRecord",
    "WebhookDelivery",
    "WebhookRecord",
    "WeekTimes",
    "new_id",
    "now",
    "table_of",
]
