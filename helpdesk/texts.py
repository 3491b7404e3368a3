"""What Staffel itself says to customers, in German (Sie and du) and English. The bot's own words are in domain.yml."""

from enum import StrEnum


class Say(StrEnum):
    """Each thing Staffel itself says."""

    GREETING = "greeting"
    UNAVAILABLE = "unavailable"
    QUEUED = "queued"
    QUEUED_NOBODY = "queued_nobody"
    ACCEPTED = "accepted"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    EMAIL_KEPT = "email_kept"
    BACK_TO_BOT = "back_to_bot"
    HELPED = "helped"
    YES = "yes"
    NO = "no"
    PERSON = "person"


_GERMAN: dict[Say, tuple[str, str]] = {  # Sie, du
    Say.GREETING: (
        "Guten Tag, ich bin {bot}, ein digitaler Assistent – kein Mensch. Häufige Fragen beantworte ich sofort. "
        "Und wenn Sie lieber mit einem Menschen sprechen, sagen Sie es einfach.",
        "Hallo, ich bin {bot}, ein digitaler Assistent – kein Mensch. Häufige Fragen beantworte ich sofort. "
        "Und wenn du lieber mit einem Menschen sprichst, sag es einfach.",
    ),
    Say.UNAVAILABLE: (
        "Das kann ich gerade nicht beantworten – bei mir klemmt etwas. Ihre Nachricht ist nicht verloren: "
        "Ich gebe sie jetzt an einen Menschen weiter.",
        "Das kann ich gerade nicht beantworten – bei mir klemmt etwas. Deine Nachricht ist nicht verloren: "
        "Ich gebe sie jetzt an einen Menschen weiter.",
    ),
    Say.QUEUED: (
        "Ihr Anliegen liegt jetzt mit einer Zusammenfassung bei unserem Team, Sie sind an {position}. Stelle. "
        "Schreiben Sie gern weiter: Wer übernimmt, liest alles mit.",
        "Dein Anliegen liegt jetzt mit einer Zusammenfassung bei unserem Team, du bist an {position}. Stelle. "
        "Schreib gern weiter: Wer übernimmt, liest alles mit.",
    ),
    Say.QUEUED_NOBODY: (
        "Gerade ist niemand im Dienst. Ihr Anliegen bleibt mit einer Zusammenfassung in der Warteschlange, und sobald "
        "jemand da ist, bekommen Sie hier eine Antwort. Wenn Sie möchten, hinterlassen Sie eine E-Mail-Adresse, "
        "unter der wir Sie erreichen.",
        "Gerade ist niemand im Dienst. Dein Anliegen bleibt mit einer Zusammenfassung in der Warteschlange, und sobald "
        "jemand da ist, bekommst du hier eine Antwort. Wenn du möchtest, hinterlass eine E-Mail-Adresse, "
        "unter der wir dich erreichen.",
    ),
    Say.ACCEPTED: (
        "{agent} ist jetzt für Sie da und kennt das bisherige Gespräch.",
        "{agent} ist jetzt für dich da und kennt das bisherige Gespräch.",
    ),
    Say.RELEASED: (
        "{agent} musste das Gespräch abgeben. Sie stehen wieder ganz vorn und müssen nichts wiederholen.",
        "{agent} musste das Gespräch abgeben. Du stehst wieder ganz vorn und musst nichts wiederholen.",
    ),
    Say.TRANSFERRED: (
        "{agent} übernimmt ab hier und kennt das bisherige Gespräch.",
        "{agent} übernimmt ab hier und kennt das bisherige Gespräch.",
    ),
    Say.RETURNED: (
        "Ab hier antwortet wieder {bot}, der digitale Assistent. Ein Mensch ist jederzeit erreichbar.",
        "Ab hier antwortet wieder {bot}, der digitale Assistent. Ein Mensch ist jederzeit erreichbar.",
    ),
    Say.CANCELLED: (
        "Gut, dann machen wir hier weiter. Wie kann ich Ihnen helfen?",
        "Gut, dann machen wir hier weiter. Wie kann ich dir helfen?",
    ),
    Say.RESOLVED: (
        "Das Gespräch ist abgeschlossen. Wenn noch etwas ist, schreiben Sie einfach wieder.",
        "Das Gespräch ist abgeschlossen. Wenn noch etwas ist, schreib einfach wieder.",
    ),
    Say.EMAIL_KEPT: (
        "Danke, unter {email} erreichen wir Sie. Ihr Anliegen bleibt in der Warteschlange.",
        "Danke, unter {email} erreichen wir dich. Dein Anliegen bleibt in der Warteschlange.",
    ),
    Say.BACK_TO_BOT: ("Doch ohne Menschen weiter", "Doch ohne Menschen weiter"),
    Say.HELPED: ("War das hilfreich?", "War das hilfreich?"),
    Say.YES: ("Ja, danke", "Ja, danke"),
    Say.NO: ("Nein", "Nein"),
    Say.PERSON: ("Mit einem Menschen sprechen", "Mit einem Menschen sprechen"),
}

_ENGLISH: dict[Say, str] = {
    Say.GREETING: "Hello, I'm {bot}, a digital assistant – not a person. I answer common questions straight away. "
    "And if you would rather talk to a person, just say so.",
    Say.UNAVAILABLE: "I can't answer that right now – something is stuck on my side. Your message isn't lost: "
    "I'm passing it on to a person.",
    Say.QUEUED: "Our team now has your request with a summary; you are number {position} in the queue. "
    "Do keep writing: whoever takes over reads everything.",
    Say.QUEUED_NOBODY: "Nobody is on duty right now. Your request stays in the queue with a summary, and you will get "
    "an answer here as soon as somebody is in. If you like, leave an e-mail address where we can reach you.",
    Say.ACCEPTED: "{agent} is here for you now and knows the conversation so far.",
    Say.RELEASED: "{agent} had to pass the conversation on. You are back at the front; no need to repeat anything.",
    Say.TRANSFERRED: "{agent} takes over from here and knows the conversation so far.",
    Say.RETURNED: "From here {bot}, the digital assistant, answers again. You can ask for a person at any time.",
    Say.CANCELLED: "All right, let's carry on here. How can I help you?",
    Say.RESOLVED: "This conversation is closed. If there is anything else, just write again.",
    Say.EMAIL_KEPT: "Thank you, we can reach you at {email}. Your request stays in the queue.",
    Say.BACK_TO_BOT: "Carry on without a person",
    Say.HELPED: "Did that help?",
    Say.YES: "Yes, thanks",
    Say.NO: "No",
    Say.PERSON: "Talk to a person",
}


def say(what: Say, language: str, formality: str = "sie", **values: object) -> str:
    """The sentence in the customer's language and form of address; German is what an unknown language gets."""
    if language == "en":
        return _ENGLISH[what].format(**values)
    return _GERMAN[what][1 if formality == "du" else 0].format(**values)


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
