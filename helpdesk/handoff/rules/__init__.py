"""When a conversation goes to a person: the visible table, what it is judged on, and the judgement."""

from helpdesk.handoff.rules.decision import Act, Circumstances, Decision, PastHandoff
from helpdesk.handoff.rules.judgement import decide, decide_each
from helpdesk.handoff.rules.loop_budget import find_same_matter
from helpdesk.handoff.rules.parser import read_rules
from helpdesk.handoff.rules.table import DEFAULT_RULES, HandoffRule, LoopBudget, Rules, Spec, Threshold, spec_of

__all__ = [
    "DEFAULT_RULES",
    "Act",
    "Circumstances",
    "Decision",
    "HandoffRule",
    "LoopBudget",
    "PastHandoff",
    "Rules",
    "Spec",
    "Threshold",
    "decide",
    "decide_each",
    "find_same_matter",
    "read_rules",
    "spec_of",
]
