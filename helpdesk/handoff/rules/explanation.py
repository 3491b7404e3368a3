"""Why, in one sentence for the desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk.handoff.triggers import Trigger, TriggerKind

_BEGINNINGS = {
    "de": {
        "hand_over": "Geht an einen Menschen, weil",
        "limit": "Der Bot setzt höflich eine Grenze, weil",
        "offer": "Ein Mensch wird angeboten, weil",
    },
    "en": {
        "hand_over": "Goes to a person because",
        "limit": "The bot politely sets a limit because",
        "offer": "A person is offered because",
    },
}
_REASONS: dict[str, dict[TriggerKind, str]] = {
    "de": {
        TriggerKind.ASKED: "darum gebeten wurde: „{text}“",
        TriggerKind.SENSITIVE: "es um ein heikles Thema geht ({topic}): „{text}“",
        TriggerKind.RULE: "Anfragen zum Thema „{topic}“ immer an einen Menschen gehen",
        TriggerKind.IMPORTANT: "der Kontakt als wichtig gekennzeichnet ist",
        TriggerKind.FRUSTRATION: "der Ärger {course}",
        TriggerKind.REPETITION: "dieselbe Frage zum {nth} Mal kam",
        TriggerKind.NOT_HELPFUL: "die Antworten nicht geholfen haben: „{text}“",
        TriggerKind.NOT_FOUND: "{count} Mal keine Antwort gefunden wurde",
        TriggerKind.LOW_CONFIDENCE: "der Bot sich {count} Mal nicht sicher war",
        TriggerKind.COMPLEXITY: "es verwickelt ist ({why})",
        TriggerKind.ABUSE: "beleidigt wurde: „{text}“",
        TriggerKind.COMPLAINT: "es eine Beschwerde ist: „{text}“",
        TriggerKind.BOT_UNAVAILABLE: "der Bot nicht antworten konnte",
    },
    "en": {
        TriggerKind.ASKED: "that was asked for: “{text}”",
        TriggerKind.SENSITIVE: "a sensitive topic came up ({topic}): “{text}”",
        TriggerKind.RULE: "requests about “{topic}” always go to a person",
        TriggerKind.IMPORTANT: "the contact is marked as important",
        TriggerKind.FRUSTRATION: "the frustration {course}",
        TriggerKind.REPETITION: "the same question came for the {nth} time",
        TriggerKind.NOT_HELPFUL: "the answers did not help: “{text}”",
        TriggerKind.NOT_FOUND: "no answer was found {count}",
        TriggerKind.LOW_CONFIDENCE: "the bot was not sure {count}",
        TriggerKind.COMPLEXITY: "it is complicated ({why})",
        TriggerKind.ABUSE: "there was an insult: “{text}”",
        TriggerKind.COMPLAINT: "it is a complaint: “{text}”",
        TriggerKind.BOT_UNAVAILABLE: "the bot could not answer",
    },
}
_WHY = {
    "de": {
        "story": "eine lange Schilderung, die kein Artikel beantwortet",
        "questions": "mehrere offene Fragen",
        "back_and_forth": "langes Hin und Her",
        "contradictions": "widersprüchliche Angaben",
    },
    "en": {
        "story": "a long story that no article answers",
        "questions": "several open questions",
        "back_and_forth": "a long back and forth",
        "contradictions": "contradictory details",
    },
}
_AGAIN = {
    "de": "dieselbe Sache schon einmal bei einem Menschen war und wiederkommt",
    "en": "the same matter was with a person before and came back",
}
_NTH = {
    "de": ("ersten", "zweiten", "dritten", "vierten", "fünften", "sechsten"),
    "en": ("first", "second", "third", "fourth", "fifth", "sixth"),
}
LONGEST_QUOTE = 80


def sentence_of(act: str, triggers: Sequence[Trigger], signals: Mapping[str, Any], language: str) -> str:
    """The sentence. Unknown languages get English."""
    language = language if language in _REASONS else "en"
    reasons = [_reason(trigger, signals.get(str(trigger.kind), {}), language) for trigger in triggers]
    if act not in _BEGINNINGS[language] or not reasons:
        return ""
    return f"{_BEGINNINGS[language][act]} {_listed(reasons, language)}."


def _reason(trigger: Trigger, figures: Mapping[str, Any], language: str) -> str:
    if figures.get("again"):
        words = _AGAIN[language]
    else:
        words = _REASONS[language][trigger.kind].format(**_fillings(trigger, figures, language))
    return words + _lines(trigger.turns, language)


def _fillings(trigger: Trigger, figures: Mapping[str, Any], language: str) -> dict[str, str]:
    count = int(figures.get("count", 0))
    return {
        "text": _shortened(trigger.text),
        "topic": str(figures.get(language) or figures.get("topic") or ""),
        "nth": _nth(count, language),
        "count": str(count) if language == "de" else {1: "once", 2: "twice"}.get(count, f"{count} times"),
        "course": _course([float(level) for level in figures.get("course", ())], language),
        "why": ", ".join(_WHY[language][why] for why in figures.get("why", ())),
    }


def _course(levels: Sequence[float], language: str) -> str:
    if not levels:
        return "deutlich ist" if language == "de" else "is clear"
    first, last = _level(levels[0], language), _level(levels[-1], language)
    if levels[-1] - levels[0] >= 0.1:  # smaller steps are noise
        return f"{'wuchs' if language == 'de' else 'grew'} ({first} → {last})"
    return f"{'deutlich ist' if language == 'de' else 'is clear'} ({last})"


def _level(level: float, language: str) -> str:
    written = f"{level:.1f}"
    return written.replace(".", ",") if language == "de" else written


def _nth(count: int, language: str) -> str:
    if 0 < count <= len(_NTH[language]):
        return _NTH[language][count - 1]
    return f"{count}." if language == "de" else f"{count}th"


def _lines(turns: Sequence[int], language: str) -> str:
    if not turns:
        return ""
    word = ("Zeile" if len(turns) == 1 else "Zeilen") if language == "de" else ("line" if len(turns) == 1 else "lines")
    return f" ({word} {', '.join(str(turn) for turn in turns)})"


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_QUOTE else flat[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _listed(reasons: Sequence[str], language: str) -> str:
    if len(reasons) == 1:
        return reasons[0]
    return f"{', '.join(reasons[:-1])} {'und' if language == 'de' else 'and'} {reasons[-1]}"
