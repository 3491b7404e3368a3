"""Every change of a conversation goes through here; what a method returns from is stored for good."""

from helpdesk.conversations.answering import Answering
from helpdesk.conversations.baton import CANCEL_HANDOFF
from helpdesk.conversations.changing import Changing
from helpdesk.conversations.lookups import ONLINE_FOR, count_agents_online, live_handoff
from helpdesk.conversations.marking import Marking
from helpdesk.conversations.outlook import Outlook, outlook_of
from helpdesk.conversations.replying import Replying

__all__ = [
    "CANCEL_HANDOFF",
    "ONLINE_FOR",
    "Conversations",
    "Outlook",
    "count_agents_online",
    "live_handoff",
    "outlook_of",
]


class Conversations(Changing, Replying, Answering, Marking):
    """Receives what customers write, stores what bot and agents answer, passes the baton."""
