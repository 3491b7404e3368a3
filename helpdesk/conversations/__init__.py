"""What happens to conversations. `Conversations` opens one for a change, the functions of this room are the changes."""

from helpdesk.conversations.lookups import ONLINE_FOR, count_agents_online, load_live_handoff
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation
from helpdesk.conversations.wait_outlook import WaitOutlook, load_wait_outlook

__all__ = [
    "ONLINE_FOR",
    "Audience",
    "Conversations",
    "OpenConversation",
    "WaitOutlook",
    "count_agents_online",
    "load_live_handoff",
    "load_wait_outlook",
]
