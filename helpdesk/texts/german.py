"""What Staffel itself says, in German: with Sie, with du."""

from helpdesk.texts.names import Say

GERMAN: dict[Say, tuple[str, str]] = {  # Sie, du
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
    Say.PROMISE_LATE: (
        "Zugesagt war Ihnen „{promise}“, spätestens {when}. Diese Zeit ist um, und eine Antwort fehlt noch; das tut "
        "uns leid. Wir haben das Team daran erinnert.",
        "Zugesagt war dir „{promise}“, spätestens {when}. Diese Zeit ist um, und eine Antwort fehlt noch; das tut "
        "uns leid. Wir haben das Team daran erinnert.",
    ),
}
