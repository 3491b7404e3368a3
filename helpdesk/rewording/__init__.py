"""Optionally, a language model elsewhere puts our texts into other words, and only what says the same is used.

Off until an admin switches it on. What comes back is held against the text that went out (`checking`); anything else
than the same facts in other words, in time, and ours is used as it stands.
"""

from helpdesk.rewording.rewording import Rewording
from helpdesk.rewording.service import LanguageModelService, LanguageModelServices
from helpdesk.rewording.summaries import SummaryRewording

__all__ = ["LanguageModelService", "LanguageModelServices", "Rewording", "SummaryRewording"]
