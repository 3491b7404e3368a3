"""What lines say about answers: the contact that one did not help, the bot that it has none."""

import re
from functools import lru_cache

_NOT_HELPFUL = re.compile(
    r"(?:\b(?:hat|hilft|half|bringt|nützt|nutzt|passt|geholfen)\b[^.!?]{0,30}\b(?:nicht|nichts|nix|ned|net|kein\w*)\b"
    r"(?:[^.!?]{0,12}\b(?:geholfen|weiter|gebracht)\b)?"
    r"|\bnicht (?:wirklich )?(?:hilfreich|geholfen)\b|\b(?:ned|net) g(?:e)?holf[ea]?n\b"
    r"|\bfalsche antwort\b|\bantwort ist falsch\b|\b(?:nicht meine|war nicht die) frage\b"
    r"|\bdanach habe? ich nicht gefragt\b"
    r"|\b(?:hab(?:e)?|hatte) ich (?:doch )?(?:alles )?(?:schon|bereits) (?:alles )?(?:probiert|versucht|gemacht)\b"
    r"|\b(?:klappt|funktioniert|geht) (?:trotzdem|immer ?noch|leider|so)? ?(?:immer noch )?nicht\b"
    r"|\b(?:did ?n[o']?t|does ?n[o']?t|do(?:es)? not|did not|isn'?t|not) (?:really )?help(?:s|ful|ing)?\b"
    r"|\bno (?:help|use)\b|\b(?:doesn'?t|does not|didn'?t) answer\b|\bwrong answer\b"
    r"|\bnot (?:what i (?:asked|meant|wanted)|my question)\b|\b(?:already|i'?ve) tried (?:that|this|all|it)\b"
    r"|\bstill (?:doesn'?t|does not|isn'?t|not) work\w*\b)",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"(?:(?:nicht|leider nicht) (?:ganz |richtig )?verstanden|verstehe (?:ich )?(?:leider |das )?(?:leider )?nicht"
    r"|(?:keine|leider keine) (?:passende |gute )?antwort|weiß ich (?:leider )?nicht|nichts (?:passendes )?gefunden"
    r"|anders (?:formulieren|ausdrücken)|umformulieren"
    r"|(?:did ?n[o']?t|don'?t|do not|did not|couldn'?t|not sure i) (?:quite )?(?:understand|understood|catch|get that)"
    r"|no (?:good |matching )?answer|(?:can'?t|couldn'?t|could not) find (?:an? |any)|rephrase|in other words)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def says_not_helpful(text: str) -> str | None:
    """The exact words of the contact that say it."""
    found = _NOT_HELPFUL.search(text)
    return found.group() if found else None


@lru_cache(maxsize=4096)
def bot_missed(text: str) -> bool:
    """Whether a line of the bot says that it has no answer; for dialogues that don't say what was found."""
    return bool(_MISSED.search(text))
