"""One line that tells an admin what a rule does as it is set."""

from collections.abc import Mapping

from helpdesk.handoff.rules.table import HandoffRule, RuleAction, Threshold, Unit, spec_of
from helpdesk.handoff.triggers import TriggerKind

TITLES: Mapping[str, Mapping[TriggerKind, str]] = {
    "de": {
        TriggerKind.ASKED: "Möchte einen Menschen",
        TriggerKind.SENSITIVE: "Heikles Thema",
        TriggerKind.RULE: "Kategorie für Menschen",
        TriggerKind.IMPORTANT: "Wichtiger Kontakt",
        TriggerKind.FRUSTRATION: "Ärger",
        TriggerKind.REPETITION: "Wiederholung",
        TriggerKind.NOT_HELPFUL: "Antwort half nicht",
        TriggerKind.NOT_FOUND: "Keine Antwort gefunden",
        TriggerKind.LOW_CONFIDENCE: "Bot ist unsicher",
        TriggerKind.COMPLEXITY: "Verwickelte Sache",
        TriggerKind.ABUSE: "Beleidigung",
        TriggerKind.COMPLAINT: "Beschwerde",
        TriggerKind.BOT_UNAVAILABLE: "Bot fällt aus",
    },
    "en": {
        TriggerKind.ASKED: "Asked for a person",
        TriggerKind.SENSITIVE: "Sensitive topic",
        TriggerKind.RULE: "Category for people",
        TriggerKind.IMPORTANT: "Important contact",
        TriggerKind.FRUSTRATION: "Frustration",
        TriggerKind.REPETITION: "Repetition",
        TriggerKind.NOT_HELPFUL: "Answer did not help",
        TriggerKind.NOT_FOUND: "No answer found",
        TriggerKind.LOW_CONFIDENCE: "Bot is unsure",
        TriggerKind.COMPLEXITY: "Complicated matter",
        TriggerKind.ABUSE: "Abuse",
        TriggerKind.COMPLAINT: "Complaint",
        TriggerKind.BOT_UNAVAILABLE: "Bot is down",
    },
}
_WHEN: Mapping[str, Mapping[TriggerKind, str]] = {
    "de": {
        TriggerKind.ASKED: "Sobald jemand einen Menschen oder einen Rückruf verlangt",
        TriggerKind.SENSITIVE: "Wenn ein eingeschaltetes Thema der Liste genannt wird",
        TriggerKind.RULE: "Wenn die Anfrage zu einer Kategorie gehört, die immer an Menschen geht",
        TriggerKind.IMPORTANT: "Bei einem wichtigen Kontakt, sobald der Bot {misses} Mal nicht helfen konnte",
        TriggerKind.FRUSTRATION: "Wenn der Ärger in {lines} Zeilen {level} erreicht, oder in einer {at_once}",
        TriggerKind.REPETITION: "Wenn dieselbe Frage (Ähnlichkeit ab {similarity}) zum {times}. Mal kommt",
        TriggerKind.NOT_HELPFUL: "Wenn {times} Mal gesagt wurde, dass eine Antwort nicht half",
        TriggerKind.NOT_FOUND: "Wenn {times} Mal nacheinander keine Antwort gefunden wurde",
        TriggerKind.LOW_CONFIDENCE: "Wenn der Bot {times} Mal nacheinander unter {confidence} sicher war",
        TriggerKind.COMPLEXITY: (
            "Wenn eine Schilderung mit {story} Wörtern zu keinem Artikel passt, {questions} Fragen offen sind, "
            "es nach {back_and_forth} Zeilen noch nicht gelöst ist oder {contradictions} Angaben einander widersprechen"
        ),
        TriggerKind.ABUSE: (
            "Wenn eine Beleidigung {level} erreicht, setzt der Bot erst höflich eine Grenze; "
            "nach {after_limits} weiteren"
        ),
        TriggerKind.COMPLAINT: "Wenn sich jemand beschwert",
        TriggerKind.BOT_UNAVAILABLE: "Wenn der Bot nicht antworten kann",
    },
    "en": {
        TriggerKind.ASKED: "As soon as somebody asks for a person or a callback",
        TriggerKind.SENSITIVE: "When a topic of the list that is switched on is named",
        TriggerKind.RULE: "When the request belongs to a category that always goes to people",
        TriggerKind.IMPORTANT: "For an important contact, once the bot couldn't help {misses} time(s)",
        TriggerKind.FRUSTRATION: "When the frustration reaches {level} in {lines} lines, or {at_once} in one",
        TriggerKind.REPETITION: "When the same question (similarity from {similarity}) comes for time number {times}",
        TriggerKind.NOT_HELPFUL: "When it was said {times} time(s) that an answer didn't help",
        TriggerKind.NOT_FOUND: "When no answer was found {times} time(s) in a row",
        TriggerKind.LOW_CONFIDENCE: "When the bot was less than {confidence} sure {times} time(s) in a row",
        TriggerKind.COMPLEXITY: (
            "When a story of {story} words fits no article, {questions} questions are open, "
            "it isn't solved after {back_and_forth} lines, or {contradictions} details contradict each other"
        ),
        TriggerKind.ABUSE: (
            "When an insult reaches {level}, the bot first politely sets a limit; after {after_limits} more"
        ),
        TriggerKind.COMPLAINT: "When somebody complains",
        TriggerKind.BOT_UNAVAILABLE: "When the bot can't answer",
    },
}
_DOES = {
    "de": {RuleAction.HAND_OVER: "geht es an einen Menschen", RuleAction.OFFER: "wird ein Mensch angeboten"},
    "en": {RuleAction.HAND_OVER: "it goes to a person", RuleAction.OFFER: "a person is offered"},
}
_OFF = {"de": "Ausgeschaltet: ", "en": "Switched off: "}
UNITS = {
    "de": {Unit.TIMES: "Mal", Unit.LINES: "Zeilen", Unit.SHARE: "0 bis 1", Unit.WORDS: "Wörter"},
    "en": {Unit.TIMES: "times", Unit.LINES: "lines", Unit.SHARE: "0 to 1", Unit.WORDS: "words"},
}


def describe(rule: HandoffRule, language: str) -> str:
    """What the rule does as it is set, in one line ("de" or "en")."""
    numbers = {
        threshold.name: written(rule[threshold.name], threshold, language)
        for threshold in spec_of(rule.kind).thresholds
    }
    line = f"{_WHEN[language][rule.kind].format(**numbers)}, {_DOES[language][rule.does]}."
    return line if rule.on else _OFF[language] + line


def title(kind: TriggerKind, language: str) -> str:
    """What the rule is called in the table."""
    return TITLES[language][kind]


def written(value: float, threshold: Threshold, language: str) -> str:
    """A threshold's value as it is read in that language."""
    text = f"{value:g}" if threshold.is_whole else f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "de" else text
