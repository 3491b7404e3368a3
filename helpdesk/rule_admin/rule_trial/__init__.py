"""Rules tried on past conversations: which would have gone to a person, and what that changes.

Repetition is told here by the words alone, not by their meaning: a thousand lines need no embedding that way.
"""

from helpdesk.rule_admin.rule_trial.comparison import Verdict, VerdictChange, VerdictComparison, compare, verdict
from helpdesk.rule_admin.rule_trial.past_conversations import PastConversation, load_past_conversations
from helpdesk.rule_admin.rule_trial.runner import MAX_CONVERSATIONS, RuleTrial, TrialProgress, TrialResult

__all__ = [
    "MAX_CONVERSATIONS",
    "PastConversation",
    "RuleTrial",
    "TrialProgress",
    "TrialResult",
    "Verdict",
    "VerdictChange",
    "VerdictComparison",
    "compare",
    "load_past_conversations",
    "verdict",
]
