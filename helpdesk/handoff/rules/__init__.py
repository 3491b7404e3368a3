"""When a conversation goes to a person: the visible table, what it is judged on, and the judgement."""

from helpdesk.handoff.rules.deciding import decide, decide_each
from helpdesk.handoff.rules.decision import Act, Circumstances, Decision, Earlier
from helpdesk.handoff.rules.describing import describe
from helpdesk.handoff.rules.reading import read_rules
from helpdesk.handoff.rules.table import DEFAULT_RULES, LoopBudget, Rule, Rules, Spec, Threshold, spec_of

__all__ = [
    "DEFAULT_RULES",
    "Act",
    "Circumstances",
    "Decision",
    "Earlier",
    "LoopBudget",
    "Rule",
    "Rules",
    "Spec",
    "Threshold",
    "decide",
    "decide_each",
    "describe",
    "read_rules",
    "spec_of",
]
