"""Every change of a conversation goes through here; what a method returns from is stored for good."""

from helpdesk.conversations.agent_answers import AgentAnswers
from helpdesk.conversations.contact_marks import ContactMarks
from helpdesk.conversations.edits import MessageEdits
from helpdesk.conversations.lookups import ONLINE_FOR, count_agents_online, load_live_handoff
from helpdesk.conversations.ownership import CANCEL_HANDOFF
from helpdesk.conversations.wait_outlook import WaitOutlook, load_wait_outlook

__all__ = [
    "CANCEL_HANDOFF",
    "ONLINE_FOR",
    "Conversations",
    "WaitOutlook",
    "count_agents_online",
    "load_live_handoff",
    "load_wait_outlook",
]


class Conversations(MessageEdits, AgentAnswers, ContactMarks):
    """Receives what customers write, stores what agents answer, passes the baton."""
