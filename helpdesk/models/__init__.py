"""What stays: the tables, by the nouns of docs/glossary.md."""

from helpdesk.models.base import Base, UtcDateTime, new_id, now
from helpdesk.models.conversations import (
    AskedQuestion,
    Contact,
    Conversation,
    Delivery,
    Feedback,
    Handoff,
    Message,
    Meta,
    Turn,
    VisitorToken,
)
from helpdesk.models.knowledge import Article, Embedding, KnowledgeRevision, Variant
from helpdesk.models.staff import Agent, AgentSession, ApiKey, Invitation, Throttle
from helpdesk.models.states import ArticleState, Availability, DeliveryStatus, Kind, Role, TurnStatus

__all__ = [
    "Agent",
    "AgentSession",
    "ApiKey",
    "Article",
    "ArticleState",
    "AskedQuestion",
    "Availability",
    "Base",
    "Contact",
    "Conversation",
    "Delivery",
    "DeliveryStatus",
    "Embedding",
    "Feedback",
    "Handoff",
    "Invitation",
    "Kind",
    "KnowledgeRevision",
    "Message",
    "Meta",
    "Role",
    "Throttle",
    "Turn",
    "TurnStatus",
    "UtcDateTime",
    "Variant",
    "VisitorToken",
    "new_id",
    "now",
]
