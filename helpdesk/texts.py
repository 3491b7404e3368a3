"""What Staffel itself says to customers, in German (Sie and du) and English. The bot's own words are in domain.yml."""

from enum import StrEnum


class Say(StrEnum):
    """Each thing Staffel itself says."""

    GREETING = "greeting"
    UNAVAILABLE = "unavailable"
    QUEUED = "queued"
    QUEUED_NOBODY = "queued_nobody"
    QUEUED_ELSEWHERE = "queued_elsewhere"
    ACCEPTED = "accepted"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    EMAIL_KEPT = "email_kept"
    BACK_TO_BOT = "back_to_bot"
    PERSON = "person"
    CANT_SEE = "cant_see"
    CANT_HEAR = "cant_hear"
    NOTED = "noted"
    LATE = "late"
    WHICH_LANGUAGE = "which_language"
    LANGUAGE_CHOSEN = "language_chosen"
    FORGET_SURE = "forget_sure"
    FORGET_YES = "forget_yes"
    FORGET_NO = "forget_no"
    FORGOTTEN = "forgotten"
    NOT_FORGOTTEN = "not_forgotten"
    CONNECT = "connect"
    CONNECT_NOTHING = "connect_nothing"
    CONNECTED = "connected"
    LINK_EXPIRED = "link_expired"
    HOW_WAS_IT = "how_was_it"
    WAS_GOOD = "was_good"
    WAS_BAD = "was_bad"
    THANKS_GOOD = "thanks_good"
    THANKS_BAD = "thanks_bad"
    PROMISED = "promised"
    PROMISE_WITHDRAWN = "promise_withdrawn"


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
    Say.QUEUED_ELSEWHERE: (
        "Gerade ist niemand im Dienst. Ihr Anliegen bleibt mit einer Zusammenfassung in der Warteschlange, und sobald "
        "jemand da ist, bekommen Sie die Antwort in diesem Chat. Sie müssen nicht hier warten.",
        "Gerade ist niemand im Dienst. Dein Anliegen bleibt mit einer Zusammenfassung in der Warteschlange, und sobald "
        "jemand da ist, bekommst du die Antwort in diesem Chat. Du musst nicht hier warten.",
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
    Say.PERSON: ("Mit einem Menschen sprechen", "Mit einem Menschen sprechen"),
    Say.CANT_SEE: (
        "Danke, das ist angekommen. Bilder und Dateien kann ich selbst nicht lesen, ein Mensch bei uns aber schon. "
        "Sagen Sie mir in Worten, worum es geht, oder holen Sie jemanden dazu.",
        "Danke, das ist angekommen. Bilder und Dateien kann ich selbst nicht lesen, ein Mensch bei uns aber schon. "
        "Sag mir in Worten, worum es geht, oder hol jemanden dazu.",
    ),
    Say.CANT_HEAR: (
        "Danke, die Aufnahme ist angekommen. Anhören kann ich sie nicht, ein Mensch bei uns aber schon. "
        "Schreiben Sie mir, worum es geht, oder holen Sie jemanden dazu.",
        "Danke, die Aufnahme ist angekommen. Anhören kann ich sie nicht, ein Mensch bei uns aber schon. "
        "Schreib mir, worum es geht, oder hol jemanden dazu.",
    ),
    Say.NOTED: (
        "Danke, das ist notiert; wer übernimmt, sieht es. Was kann ich für Sie tun?",
        "Danke, das ist notiert; wer übernimmt, sieht es. Was kann ich für dich tun?",
    ),
    Say.LATE: (
        "Ihre Nachricht hat uns erst jetzt erreicht, entschuldigen Sie. Ein Mensch sieht sie sich an.",
        "Deine Nachricht hat uns erst jetzt erreicht, entschuldige. Ein Mensch sieht sie sich an.",
    ),
    Say.WHICH_LANGUAGE: ("Welche Sprache? / Which language?", "Welche Sprache? / Which language?"),
    Say.LANGUAGE_CHOSEN: ("Gut, ab jetzt auf Deutsch.", "Gut, ab jetzt auf Deutsch."),
    Say.FORGET_SURE: (
        "Dann lösche ich alles, was wir aus diesem Gespräch über Sie gespeichert haben, auch auf verbundenen Kanälen. "
        "Das lässt sich nicht rückgängig machen. Wirklich löschen?",
        "Dann lösche ich alles, was wir aus diesem Gespräch über dich gespeichert haben, auch auf verbundenen Kanälen. "
        "Das lässt sich nicht rückgängig machen. Wirklich löschen?",
    ),
    Say.FORGET_YES: ("Ja, alles löschen", "Ja, alles löschen"),
    Say.FORGET_NO: ("Nein, behalten", "Nein, behalten"),
    Say.FORGOTTEN: (
        "Erledigt: In wenigen Minuten ist bei uns alles gelöscht. Wenn Sie wieder schreiben, fangen wir neu an.",
        "Erledigt: In wenigen Minuten ist bei uns alles gelöscht. Wenn du wieder schreibst, fangen wir neu an.",
    ),
    Say.NOT_FORGOTTEN: ("Gut, es bleibt alles, wie es ist.", "Gut, es bleibt alles, wie es ist."),
    Say.CONNECT: (
        "Hier geht es auf einem anderen Weg weiter; wer Ihnen hilft, sieht dann beides zusammen. "
        "Jeder Link gilt eine Stunde und nur einmal:\n\n{ways}",
        "Hier geht es auf einem anderen Weg weiter; wer dir hilft, sieht dann beides zusammen. "
        "Jeder Link gilt eine Stunde und nur einmal:\n\n{ways}",
    ),
    Say.CONNECT_NOTHING: (
        "Einen anderen Weg gibt es hier gerade nicht. Schreiben Sie einfach hier weiter.",
        "Einen anderen Weg gibt es hier gerade nicht. Schreib einfach hier weiter.",
    ),
    Say.CONNECTED: (
        "Verbunden. Wer Ihnen hilft, kennt jetzt auch das andere Gespräch.",
        "Verbunden. Wer dir hilft, kennt jetzt auch das andere Gespräch.",
    ),
    Say.LINK_EXPIRED: (
        "Dieser Link gilt nicht mehr. Holen Sie sich im anderen Gespräch einen neuen; hier können Sie trotzdem fragen.",
        "Dieser Link gilt nicht mehr. Hol dir im anderen Gespräch einen neuen; hier kannst du trotzdem fragen.",
    ),
    Say.HOW_WAS_IT: ("Konnten wir Ihnen helfen?", "Konnten wir dir helfen?"),
    Say.WAS_GOOD: ("Ja", "Ja"),
    Say.WAS_BAD: ("Nicht wirklich", "Nicht wirklich"),
    Say.THANKS_GOOD: ("Das freut uns. Danke!", "Das freut uns. Danke!"),
    Say.THANKS_BAD: (
        "Danke für die Offenheit. Schreiben Sie gern, was noch fehlt, dann sieht es sich jemand an.",
        "Danke für die Offenheit. Schreib gern, was noch fehlt, dann sieht es sich jemand an.",
    ),
    Say.PROMISED: (
        "{agent} sagt Ihnen zu: {promise} – spätestens {when}.",
        "{agent} sagt dir zu: {promise} – spätestens {when}.",
    ),
    Say.PROMISE_WITHDRAWN: (
        "Diese Zusage gilt nicht mehr: {promise}. Bitte entschuldigen Sie.",
        "Diese Zusage gilt nicht mehr: {promise}. Bitte entschuldige.",
    ),
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
    Say.QUEUED_ELSEWHERE: "Nobody is on duty right now. Your request stays in the queue with a summary, and as soon as "
    "somebody is in, the answer comes to this chat. No need to wait here.",
    Say.ACCEPTED: "{agent} is here for you now and knows the conversation so far.",
    Say.RELEASED: "{agent} had to pass the conversation on. You are back at the front; no need to repeat anything.",
    Say.TRANSFERRED: "{agent} takes over from here and knows the conversation so far.",
    Say.RETURNED: "From here {bot}, the digital assistant, answers again. You can ask for a person at any time.",
    Say.CANCELLED: "All right, let's carry on here. How can I help you?",
    Say.RESOLVED: "This conversation is closed. If there is anything else, just write again.",
    Say.EMAIL_KEPT: "Thank you, we can reach you at {email}. Your request stays in the queue.",
    Say.BACK_TO_BOT: "Carry on without a person",
    Say.PERSON: "Talk to a person",
    Say.CANT_SEE: "Thank you, it has arrived. I can't read pictures and files myself, but a person here can. "
    "Tell me in words what it is about, or ask somebody to join.",
    Say.CANT_HEAR: "Thank you, the recording has arrived. I can't listen to it, but a person here can. "
    "Write what it is about, or ask somebody to join.",
    Say.NOTED: "Thank you, that is noted; whoever takes over will see it. What can I do for you?",
    Say.LATE: "Your message has only just reached us, sorry about that. A person will look at it.",
    Say.WHICH_LANGUAGE: "Welche Sprache? / Which language?",
    Say.LANGUAGE_CHOSEN: "All right, in English from now on.",
    Say.FORGET_SURE: "I will then erase everything we have stored about you from this conversation, on connected "
    "channels too. This can't be undone. Really erase it?",
    Say.FORGET_YES: "Yes, erase everything",
    Say.FORGET_NO: "No, keep it",
    Say.FORGOTTEN: "Done: in a few minutes everything will be erased here. If you write again, we start afresh.",
    Say.NOT_FORGOTTEN: "All right, everything stays as it is.",
    Say.CONNECT: "This is how to go on another way; whoever helps you then sees both together. "
    "Each link works once and for one hour:\n\n{ways}",
    Say.CONNECT_NOTHING: "There is no other way here at the moment. Just keep writing here.",
    Say.CONNECTED: "Connected. Whoever helps you now knows the other conversation too.",
    Say.LINK_EXPIRED: "This link no longer works. Get a new one in the other conversation; "
    "you can ask here all the same.",
    Say.HOW_WAS_IT: "Were we able to help?",
    Say.WAS_GOOD: "Yes",
    Say.WAS_BAD: "Not really",
    Say.THANKS_GOOD: "We're glad. Thank you!",
    Say.THANKS_BAD: "Thank you for being frank. Do write what is missing, and somebody will look at it.",
    Say.PROMISED: "{agent} promises you: {promise} – {when} at the latest.",
    Say.PROMISE_WITHDRAWN: "This promise no longer stands: {promise}. We are sorry about that.",
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
