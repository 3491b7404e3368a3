"""The coach: what a colleague would say of a draft before it is sent. Rules over its words; it never blocks."""

from helpdesk.coach.coaching import find_hints, read_draft
from helpdesk.coach.draft import Draft
from helpdesk.coach.hint import CoachHint, HintKind

__all__ = ["CoachHint", "Draft", "HintKind", "find_hints", "read_draft"]
