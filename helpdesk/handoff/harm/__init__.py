"""Whether a customer tells us of an injury, a danger or a death, however calmly: that is always for a person."""

from helpdesk.handoff.harm.classifier import BEREAVEMENT, INJURY, HarmFinding, find_harm

__all__ = ["BEREAVEMENT", "INJURY", "HarmFinding", "find_harm"]
