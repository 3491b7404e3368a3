"""What an admin reads of a rule: its title, its thresholds, and one line that tells what it does as it is set."""

from collections.abc import Mapping

from babel.numbers import format_decimal

from helpdesk.handoff.rules.table import HandoffRule, RuleAction, Threshold, Unit, spec_of
from i18n import N_, NP_, catalog, locale_of, translate
from store.triggers import TriggerKind

#: What a rule is called in the table.
_TITLES: Mapping[TriggerKind, str] = {
    TriggerKind.ASKED: N_("Asked for a person"),
    TriggerKind.SENSITIVE: N_("Sensitive topic"),
    TriggerKind.RULE: N_("Category for people"),
    TriggerKind.IMPORTANT: N_("Important contact"),
    TriggerKind.FRUSTRATION: N_("Frustration"),
    TriggerKind.REPETITION: N_("Repetition"),
    TriggerKind.NOT_HELPFUL: N_("Answer did not help"),
    TriggerKind.NOT_FOUND: N_("No answer found"),
    TriggerKind.LOW_CONFIDENCE: N_("Bot is unsure"),
    TriggerKind.COMPLEXITY: N_("Complicated matter"),
    TriggerKind.ABUSE: N_("Abuse"),
    TriggerKind.COMPLAINT: N_("Complaint"),
    TriggerKind.BOT_UNAVAILABLE: N_("Bot is down"),
}
#: When it applies; the thresholds are filled in.
_WHEN: Mapping[TriggerKind, str] = {
    TriggerKind.ASKED: N_("As soon as somebody asks for a person or a callback"),
    TriggerKind.SENSITIVE: N_("When a topic of the list that is switched on is named"),
    TriggerKind.RULE: N_("When the request belongs to a category that always goes to people"),
    TriggerKind.IMPORTANT: N_("For an important contact, once the bot couldn't help {misses} time(s)"),
    TriggerKind.FRUSTRATION: N_("When the frustration reaches {level} in {lines} lines, or {at_once} in one"),
    TriggerKind.REPETITION: N_("When the same question (similarity from {similarity}) comes for time number {times}"),
    TriggerKind.NOT_HELPFUL: N_("When it was said {times} time(s) that an answer didn't help"),
    TriggerKind.NOT_FOUND: N_("When no answer was found {times} time(s) in a row"),
    TriggerKind.LOW_CONFIDENCE: N_("When the bot was less than {confidence} sure {times} time(s) in a row"),
    TriggerKind.COMPLEXITY: N_(
        "When a story of {story} words fits no article, {questions} questions are open, "
        "it isn't solved after {back_and_forth} lines, or {contradictions} details contradict each other"
    ),
    TriggerKind.ABUSE: N_(
        "When an insult reaches {level}, the bot first politely sets a limit; after {after_limits} more"
    ),
    TriggerKind.COMPLAINT: N_("When somebody complains"),
    TriggerKind.BOT_UNAVAILABLE: N_("When the bot can't answer"),
}
#: What follows.
_ACTIONS: Mapping[RuleAction, str] = {
    RuleAction.HAND_OVER: N_("it goes to a person"),
    RuleAction.OFFER: N_("a person is offered"),
}
#: What a threshold is counted in.
_UNITS: Mapping[Unit, str] = {
    Unit.TIMES: NP_("unit", "times"),
    Unit.LINES: NP_("unit", "lines"),
    Unit.SHARE: NP_("unit", "0 to 1"),
    Unit.WORDS: NP_("unit", "words"),
}


def describe(rule: HandoffRule, language: str) -> str:
    """What the rule does as it is set, in one line."""
    messages = catalog("staff", language)
    thresholds = {each.name: written(rule[each.name], each, language) for each in spec_of(rule.kind).thresholds}
    line = messages.gettext("{when}, {action}.").format(
        when=translate(messages, _WHEN[rule.kind]).format(**thresholds), action=translate(messages, _ACTIONS[rule.does])
    )
    return line if rule.on else messages.gettext("Switched off: {rule}").format(rule=line)


def title(kind: TriggerKind, language: str) -> str:
    """What the rule is called in the table."""
    return translate(catalog("staff", language), _TITLES[kind])


def unit_name(unit: Unit, language: str) -> str:
    """What a threshold is counted in."""
    return translate(catalog("staff", language), _UNITS[unit])


def written(value: float, threshold: Threshold, language: str) -> str:
    """A threshold's value as it is read in that language."""
    return format_decimal(value if threshold.is_whole else round(value, 2), locale=locale_of(language))
