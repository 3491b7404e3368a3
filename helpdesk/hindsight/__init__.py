"""Rules tried on past conversations: which would have gone to a person, and what that changes.

Repetition is told here by the words alone, not by their meaning: a thousand lines need no embedding that way.
"""

from helpdesk.hindsight.comparing import Change, Compared, Verdict, compare, verdict
from helpdesk.hindsight.past import Past, StoredMood, StoredSign, read_past
from helpdesk.hindsight.trying import MOST_CONVERSATIONS, Hindsight, Outcome, Progress

__all__ = [
    "MOST_CONVERSATIONS",
    "Change",
    "Compared",
    "Hindsight",
    "Outcome",
    "Past",
    "Progress",
    "StoredMood",
    "StoredSign",
    "Verdict",
    "compare",
    "read_past",
    "verdict",
]
