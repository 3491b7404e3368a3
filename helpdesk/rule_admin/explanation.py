"""Why a conversation goes to a person, in one sentence for the desk."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Any

from babel.numbers import format_decimal

from helpdesk.handoff.rules import Act, Decision
from i18n import N_, catalog, listed, locale_of, translate
from store.triggers import Trigger, TriggerKind

_SENTENCES: Mapping[Act, str] = {
    Act.HAND_OVER: N_("Goes to a person because {reasons}."),
    Act.LIMIT: N_("The bot politely sets a limit because {reasons}."),
    Act.OFFER: N_("A person is offered because {reasons}."),
}
_REASONS: Mapping[TriggerKind, str] = {
    TriggerKind.ASKED: N_("that was asked for: “{text}”"),
    TriggerKind.SENSITIVE: N_("a sensitive topic came up ({topic}): “{text}”"),
    TriggerKind.RULE: N_("requests about “{topic}” always go to a person"),
    TriggerKind.IMPORTANT: N_("the contact is marked as important"),
    TriggerKind.FRUSTRATION: N_("the frustration {course}"),
    TriggerKind.REPETITION: N_("the same question came for the {nth} time"),
    TriggerKind.NOT_HELPFUL: N_("the answers did not help: “{text}”"),
    TriggerKind.NOT_FOUND: N_("no answer was found {often}"),
    TriggerKind.LOW_CONFIDENCE: N_("the bot was not sure {often}"),
    TriggerKind.COMPLEXITY: N_("it is complicated ({why})"),
    TriggerKind.ABUSE: N_("there was an insult: “{text}”"),
    TriggerKind.COMPLAINT: N_("it is a complaint: “{text}”"),
    TriggerKind.BOT_UNAVAILABLE: N_("the bot could not answer"),
}
_COMPLICATIONS: Mapping[str, str] = {
    "story": N_("a long story that no article answers"),
    "questions": N_("several open questions"),
    "back_and_forth": N_("a long back and forth"),
    "contradictions": N_("contradictory details"),
}
_ORDINALS = (N_("first"), N_("second"), N_("third"), N_("fourth"), N_("fifth"), N_("sixth"))
#: Rises of the frustration below this are noise.
MIN_RISE = 0.1
#: Characters of the customer's words.
MAX_QUOTE_LENGTH = 80


def explain_decision(decision: Decision, language: str) -> str:
    """The sentence in the language of a member of staff; empty when nothing is to be done."""
    messages = catalog("staff", language)
    reasons = [
        _reason(trigger, decision.signals.get(str(trigger.kind), {}), messages, language)
        for trigger in decision.triggers
    ]
    if decision.act not in _SENTENCES or not reasons:
        return ""
    return translate(messages, _SENTENCES[decision.act]).format(reasons=listed(reasons, language))


def _reason(trigger: Trigger, figures: Mapping[str, Any], messages: NullTranslations, language: str) -> str:
    if figures.get("again"):
        reason = messages.gettext("the same matter was with a person before and came back")
    else:
        reason = translate(messages, _REASONS[trigger.kind]).format(**_values(trigger, figures, messages, language))
    if not trigger.turns:
        return reason
    said = messages.ngettext("{reason} (line {lines})", "{reason} (lines {lines})", len(trigger.turns))
    return said.format(reason=reason, lines=", ".join(map(str, trigger.turns)))


def _values(trigger: Trigger, figures: Mapping[str, Any], messages: NullTranslations, language: str) -> dict[str, str]:
    """What the reasons fill in."""
    count = int(figures.get("count", 0))
    return {
        "text": _shortened(trigger.text),
        "topic": str(figures.get(language) or figures.get("topic") or ""),
        "nth": _ordinal(count, messages),
        "often": _frequency(count, messages),
        "course": _course([float(level) for level in figures.get("course", ())], messages, language),
        "why": ", ".join(translate(messages, _COMPLICATIONS[why]) for why in figures.get("why", ())),
    }


def _course(levels: Sequence[float], messages: NullTranslations, language: str) -> str:
    """How the frustration went."""
    if not levels:
        return messages.gettext("is clear")
    first, last = (format_decimal(level, "0.0", locale_of(language)) for level in (levels[0], levels[-1]))
    if levels[-1] - levels[0] >= MIN_RISE:
        return messages.gettext("grew ({first} → {last})").format(first=first, last=last)
    return messages.gettext("is clear ({last})").format(last=last)


def _ordinal(number: int, messages: NullTranslations) -> str:
    if 0 < number <= len(_ORDINALS):
        return translate(messages, _ORDINALS[number - 1])
    return messages.gettext("{number}th").format(number=number)


def _frequency(count: int, messages: NullTranslations) -> str:
    if count in {1, 2}:
        return messages.gettext("once") if count == 1 else messages.gettext("twice")
    return messages.gettext("{count} times").format(count=count)


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_QUOTE_LENGTH else flat[:MAX_QUOTE_LENGTH].rsplit(" ", 1)[0] + " …"
