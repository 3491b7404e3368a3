"""Why something was not taken, for the customer to read."""

_REFUSALS: dict[str, tuple[str, str]] = {
    "bad_frame": (
        "Das ließ sich nicht senden. Bitte laden Sie die Seite neu.",
        "That could not be sent. Please reload the page.",
    ),
    "too_long": (
        "Die Nachricht ist zu lang: höchstens 4.000 Zeichen. Bitte teilen Sie sie auf.",
        "The message is too long: 4,000 characters at most. Please split it.",
    ),
    "empty": ("Da steht noch nichts.", "There is nothing written yet."),
    "slow_down": (
        "Das waren viele Nachrichten auf einmal. Einen Moment bitte, dann geht es weiter.",
        "That was a lot at once. One moment please, then we carry on.",
    ),
    "conflict": (
        "Diese Nachricht wurde schon mit anderem Wortlaut gespeichert; der erste gilt.",
        "This message was stored before with other words; the first ones stand.",
    ),
    "not_yours": ("Das gibt es in diesem Gespräch nicht.", "There is no such thing in this conversation."),
    "unknown_choice": (
        "Diese Auswahl gilt nicht mehr. Schreiben Sie einfach, was Sie brauchen.",
        "This choice no longer stands. Just write what you need.",
    ),
    "bad_email": (
        "Das sieht nicht nach einer E-Mail-Adresse aus. So wäre sie richtig: name@beispiel.de",
        "This doesn't look like an e-mail address. This is what one looks like: name@example.org",
    ),
    "unavailable": (
        "Das wurde noch nicht gespeichert. Bitte versuchen Sie es gleich noch einmal.",
        "That has not been stored yet. Please try again in a moment.",
    ),
}


def explain(code: str, language: str) -> str:
    """Why something was not taken, for the customer to read (docs/protocol.md, error codes)."""
    german, english = _REFUSALS.get(code, _REFUSALS["unavailable"])
    return english if language == "en" else german
