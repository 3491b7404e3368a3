"""What Staffel itself says to customers, in German (Sie and du) and English. The bot's own words are in domain.yml."""

from enum import StrEnum


class Say(StrEnum):
    """Each thing Staffel itself says."""

    GREETING = "greeting"
    UNAVAILABLE = "unavailable"
    PASSING_ON = "passing_on"
    QUEUED = "queued"
    USUAL_WAIT = "usual_wait"
    QUEUED_NOBODY = "queued_nobody"
    QUEUED_CLOSED = "queued_closed"
    QUEUED_EMAIL = "queued_email"
    NO_NEED_TO_WAIT = "no_need_to_wait"
    QUEUE_MOVED = "queue_moved"
    CORRECT = "correct"
    HOW_TO_SAY = "how_to_say"
    CORRECTED = "corrected"
    CALL = "call"
    ASK_PHONE = "ask_phone"
    BAD_PHONE = "bad_phone"
    ASK_WINDOW = "ask_window"
    NO_WINDOW = "no_window"
    CALL_PROMISED = "call_promised"
    MAIL = "mail"
    ASK_EMAIL = "ask_email"
    BAD_EMAIL = "bad_email"
    NO_LONGER_WAITING = "no_longer_waiting"
    PROMISE_MISSED = "promise_missed"
    EXPIRED = "expired"
    OFFER_PERSON = "offer_person"
    HANDING_OVER = "handing_over"
    HANDING_OVER_CALMLY = "handing_over_calmly"
    LIMIT = "limit"
    CARE = "care"
    RETURNED_DONE = "returned_done"
    TO_TEAM = "to_team"
    AGENT_SILENT = "agent_silent"
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
    Say.PASSING_ON: ("So gebe ich es weiter: {request}", "So gebe ich es weiter: {request}"),
    Say.QUEUED: (
        "Ihr Anliegen liegt jetzt mit einer Zusammenfassung bei unserem Team, Sie sind an {position}. Stelle. "
        "Schreiben Sie gern weiter: Wer übernimmt, liest alles mit.",
        "Dein Anliegen liegt jetzt mit einer Zusammenfassung bei unserem Team, du bist an {position}. Stelle. "
        "Schreib gern weiter: Wer übernimmt, liest alles mit.",
    ),
    Say.USUAL_WAIT: ("Zuletzt dauerte das {wait}.", "Zuletzt dauerte das {wait}."),
    Say.QUEUED_NOBODY: (
        "Gerade ist niemand im Dienst. Ihr Anliegen bleibt mit einer Zusammenfassung in der Warteschlange; spätestens "
        "{due} haben Sie hier eine Antwort.",
        "Gerade ist niemand im Dienst. Dein Anliegen bleibt mit einer Zusammenfassung in der Warteschlange; spätestens "
        "{due} hast du hier eine Antwort.",
    ),
    Say.QUEUED_CLOSED: (
        "Unser Team ist gerade nicht im Dienst und {opens} wieder da. Ihr Anliegen liegt mit einer Zusammenfassung "
        "bereit; spätestens {due} haben Sie hier eine Antwort.",
        "Unser Team ist gerade nicht im Dienst und {opens} wieder da. Dein Anliegen liegt mit einer Zusammenfassung "
        "bereit; spätestens {due} hast du hier eine Antwort.",
    ),
    Say.QUEUED_EMAIL: (
        "Wenn Sie möchten, hinterlassen Sie eine E-Mail-Adresse, unter der wir Sie erreichen.",
        "Wenn du möchtest, hinterlass eine E-Mail-Adresse, unter der wir dich erreichen.",
    ),
    Say.NO_NEED_TO_WAIT: (
        "Sie müssen nicht hier warten: Die Antwort kommt in diesen Chat.",
        "Du musst nicht hier warten: Die Antwort kommt in diesen Chat.",
    ),
    Say.QUEUE_MOVED: ("Sie sind jetzt an {position}. Stelle.", "Du bist jetzt an {position}. Stelle."),
    Say.CORRECT: ("Etwas richtigstellen", "Etwas richtigstellen"),
    Say.HOW_TO_SAY: (
        "Gern. Wie soll ich es weitergeben? Schreiben Sie es in Ihren Worten, am besten in einem Satz.",
        "Gern. Wie soll ich es weitergeben? Schreib es in deinen Worten, am besten in einem Satz.",
    ),
    Say.CORRECTED: ("Danke. So gebe ich es weiter: {request}", "Danke. So gebe ich es weiter: {request}"),
    Say.CALL: ("Zurückrufen lassen", "Zurückrufen lassen"),
    Say.ASK_PHONE: (
        "Gern. Unter welcher Nummer erreichen wir Sie? Schreiben Sie sie mit Vorwahl.",
        "Gern. Unter welcher Nummer erreichen wir dich? Schreib sie mit Vorwahl.",
    ),
    Say.BAD_PHONE: (
        "Das sieht nicht nach einer vollständigen Telefonnummer aus. So wäre sie richtig: 030 1234567",
        "Das sieht nicht nach einer vollständigen Telefonnummer aus. So wäre sie richtig: 030 1234567",
    ),
    Say.ASK_WINDOW: ("Danke. Wann passt es Ihnen am besten?", "Danke. Wann passt es dir am besten?"),
    Say.NO_WINDOW: (
        "Danke, die Nummer {phone} ist notiert. Wir rufen Sie an, sobald jemand da ist, spätestens {due}.",
        "Danke, die Nummer {phone} ist notiert. Wir rufen dich an, sobald jemand da ist, spätestens {due}.",
    ),
    Say.CALL_PROMISED: (
        "Abgemacht: Wir rufen Sie {window} unter {phone} an. Hier müssen Sie nicht warten.",
        "Abgemacht: Wir rufen dich {window} unter {phone} an. Hier musst du nicht warten.",
    ),
    Say.MAIL: ("E-Mail-Adresse hinterlassen", "E-Mail-Adresse hinterlassen"),
    Say.ASK_EMAIL: (
        "Gern. Wie lautet die Adresse, unter der wir Sie erreichen?",
        "Gern. Wie lautet die Adresse, unter der wir dich erreichen?",
    ),
    Say.BAD_EMAIL: (
        "Das sieht nicht nach einer E-Mail-Adresse aus. So wäre sie richtig: name@beispiel.de",
        "Das sieht nicht nach einer E-Mail-Adresse aus. So wäre sie richtig: name@beispiel.de",
    ),
    Say.NO_LONGER_WAITING: (
        "Dafür ist es hier zu spät: Ihr Anliegen wartet nicht mehr. Schreiben Sie einfach, was Sie brauchen.",
        "Dafür ist es hier zu spät: Dein Anliegen wartet nicht mehr. Schreib einfach, was du brauchst.",
    ),
    Say.PROMISE_MISSED: (
        "Wir hatten Ihnen eine Antwort versprochen und haben sie noch nicht geschafft. Das tut uns leid. "
        "Ihr Anliegen steht jetzt ganz vorn; der neue Termin ist spätestens {again}.",
        "Wir hatten dir eine Antwort versprochen und haben sie noch nicht geschafft. Das tut uns leid. "
        "Dein Anliegen steht jetzt ganz vorn; der neue Termin ist spätestens {again}.",
    ),
    Say.EXPIRED: (
        "Ihr Anliegen hat zu lange gewartet, und das tut uns leid. Wenn es noch offen ist, schreiben Sie hier: "
        "{bot} antwortet sofort und holt auf Wunsch wieder einen Menschen.",
        "Dein Anliegen hat zu lange gewartet, und das tut uns leid. Wenn es noch offen ist, schreib hier: "
        "{bot} antwortet sofort und holt auf Wunsch wieder einen Menschen.",
    ),
    Say.OFFER_PERSON: (
        "Soll sich das jemand aus unserem Team ansehen?",
        "Soll sich das jemand aus unserem Team ansehen?",
    ),
    Say.HANDING_OVER: (
        "Ich gebe Sie an jemanden aus unserem Team weiter.",
        "Ich gebe dich an jemanden aus unserem Team weiter.",
    ),
    Say.HANDING_OVER_CALMLY: (
        "Das ist ein Fall für einen Menschen aus unserem Team. Ich gebe es so weiter, dass Sie nichts wiederholen "
        "müssen.",
        "Das ist ein Fall für einen Menschen aus unserem Team. Ich gebe es so weiter, dass du nichts wiederholen "
        "musst.",
    ),
    Say.LIMIT: (
        "Ich möchte Ihnen helfen, und Sie dürfen verärgert sein. Bitte bleiben wir dabei im Ton freundlich, "
        "dann finden wir eine Lösung.",
        "Ich möchte dir helfen, und du darfst verärgert sein. Bitte bleiben wir dabei im Ton freundlich, "
        "dann finden wir eine Lösung.",
    ),
    Say.CARE: (
        "Das klingt sehr schwer, und Sie müssen da nicht allein durch. Bitte sprechen Sie jetzt mit jemandem: Die "
        "TelefonSeelsorge ist rund um die Uhr kostenlos erreichbar, 0800 111 0 111. In akuter Gefahr wählen Sie 112.",
        "Das klingt sehr schwer, und du musst da nicht allein durch. Bitte sprich jetzt mit jemandem: Die "
        "TelefonSeelsorge ist rund um die Uhr kostenlos erreichbar, 0800 111 0 111. In akuter Gefahr wähle 112.",
    ),
    Say.RETURNED_DONE: (
        "{agent} hat festgehalten: {done}\n\nAb hier antwortet wieder {bot}, der digitale Assistent. Ein Mensch ist "
        "jederzeit erreichbar.",
        "{agent} hat festgehalten: {done}\n\nAb hier antwortet wieder {bot}, der digitale Assistent. Ein Mensch ist "
        "jederzeit erreichbar.",
    ),
    Say.TO_TEAM: (
        "{agent} gibt Sie an das Team {team} weiter. Sie stehen dort ganz vorn und müssen nichts wiederholen.",
        "{agent} gibt dich an das Team {team} weiter. Du stehst dort ganz vorn und musst nichts wiederholen.",
    ),
    Say.AGENT_SILENT: (
        "{agent} kommt gerade nicht dazu. Damit Sie nicht länger warten, übernimmt jemand anderes; Sie stehen ganz "
        "vorn und müssen nichts wiederholen.",
        "{agent} kommt gerade nicht dazu. Damit du nicht länger wartest, übernimmt jemand anderes; du stehst ganz "
        "vorn und musst nichts wiederholen.",
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
        "{agent} hat Ihnen zugesagt: „{promise}“, spätestens {when}.",
        "{agent} hat dir zugesagt: „{promise}“, spätestens {when}.",
    ),
    Say.PROMISE_WITHDRAWN: (
        "Diese Zusage gilt nicht mehr: „{promise}“. Bitte entschuldigen Sie.",
        "Diese Zusage gilt nicht mehr: „{promise}“. Bitte entschuldige.",
    ),
}

_ENGLISH: dict[Say, str] = {
    Say.GREETING: "Hello, I'm {bot}, a digital assistant – not a person. I answer common questions straight away. "
    "And if you would rather talk to a person, just say so.",
    Say.UNAVAILABLE: "I can't answer that right now – something is stuck on my side. Your message isn't lost: "
    "I'm passing it on to a person.",
    Say.PASSING_ON: "This is how I'm passing it on: {request}",
    Say.QUEUED: "Our team now has your request with a summary; you are number {position} in the queue. "
    "Do keep writing: whoever takes over reads everything.",
    Say.USUAL_WAIT: "Lately that took {wait}.",
    Say.QUEUED_NOBODY: "Nobody is on duty right now. Your request stays in the queue with a summary; you will have an "
    "answer here {due} at the latest.",
    Say.QUEUED_CLOSED: "Our team is off duty right now and back {opens}. Your request is ready for them with a "
    "summary; you will have an answer here {due} at the latest.",
    Say.QUEUED_EMAIL: "If you like, leave an e-mail address where we can reach you.",
    Say.NO_NEED_TO_WAIT: "No need to wait here: the answer comes to this chat.",
    Say.QUEUE_MOVED: "You are now number {position} in the queue.",
    Say.CORRECT: "Correct something",
    Say.HOW_TO_SAY: "Gladly. How should I pass it on? Write it in your own words, best in one sentence.",
    Say.CORRECTED: "Thank you. This is how I'm passing it on: {request}",
    Say.CALL: "Have somebody call me",
    Say.ASK_PHONE: "Gladly. Which number can we reach you at? Please include the area code.",
    Say.BAD_PHONE: "This doesn't look like a complete phone number. This is what one looks like: +44 20 7946 0958",
    Say.ASK_WINDOW: "Thank you. When would suit you best?",
    Say.NO_WINDOW: "Thank you, {phone} is noted. We'll call as soon as somebody is in, {due} at the latest.",
    Say.CALL_PROMISED: "Agreed: we'll call you {window} at {phone}. No need to wait here.",
    Say.MAIL: "Leave an e-mail address",
    Say.ASK_EMAIL: "Gladly. Which address can we reach you at?",
    Say.BAD_EMAIL: "This doesn't look like an e-mail address. This is what one looks like: name@example.org",
    Say.NO_LONGER_WAITING: "It's too late for that here: your request isn't waiting any more. Just write what you "
    "need.",
    Say.PROMISE_MISSED: "We promised you an answer and haven't managed it yet. We're sorry. "
    "Your request is now right at the front; the new time is {again} at the latest.",
    Say.EXPIRED: "Your request has waited too long, and we're sorry. If it is still open, write here: {bot} answers "
    "at once and brings in a person again if you like.",
    Say.OFFER_PERSON: "Shall somebody from our team look at this?",
    Say.HANDING_OVER: "I'm passing you on to someone from our team.",
    Say.HANDING_OVER_CALMLY: "This is one for a person from our team. I'm passing it on so that you needn't repeat "
    "anything.",
    Say.LIMIT: "I want to help, and you may well be annoyed. Let's please keep it friendly, then we'll find a "
    "solution.",
    Say.CARE: "That sounds very hard, and you don't have to go through it alone. Please talk to someone now: a crisis "
    "line near you is listed at findahelpline.com; in Germany TelefonSeelsorge is free at any hour, 0800 111 0 111. "
    "In immediate danger, call 112.",
    Say.RETURNED_DONE: "{agent} has noted: {done}\n\nFrom here {bot}, the digital assistant, answers again. You can "
    "ask for a person at any time.",
    Say.TO_TEAM: "{agent} is passing you on to the {team} team. You are at the front there; no need to repeat "
    "anything.",
    Say.AGENT_SILENT: "{agent} is held up. So that you don't wait any longer, somebody else takes over; you are at the "
    "front and needn't repeat anything.",
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
    Say.PROMISED: "{agent} has promised you: “{promise}”, {when} at the latest.",
    Say.PROMISE_WITHDRAWN: "This promise no longer stands: “{promise}”. We are sorry about that.",
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
