"""Words of the help centre. Customers read them: `_du` rows are for German customers who are addressed with du."""

from datetime import datetime

HELP: dict[str, tuple[str, str]] = {
    "help_name": ("Hilfe", "Help centre"),
    "help_lead": (
        "Antworten auf häufige Fragen. Und wenn etwas offen bleibt, ist der Chat da.",
        "Answers to common questions. And if something stays open, there is the chat.",
    ),
    "help_title": ("Wie können wir helfen?", "How can we help?"),
    "help_search": ("Hilfe durchsuchen", "Search the help centre"),
    "help_search_button": ("Suchen", "Search"),
    "help_placeholder": ("Zum Beispiel: Wo bleibt mein Paket?", "For example: Where is my parcel?"),
    "help_asked": ("Häufig gefragt", "Often asked"),
    "help_topics": ("Themen", "Topics"),
    "help_all": ("Alle {count} Fragen", "All {count} questions"),
    "help_none_yet": (
        "Hier steht noch nichts. Der Chat hilft weiter.",
        "There is nothing here yet. The chat can help.",
    ),
    "help_breadcrumb": ("Sie sind hier", "You are here"),
    "help_breadcrumb_du": ("Du bist hier", "You are here"),
    "help_updated": ("Aktualisiert am {date}", "Updated on {date}"),
    "help_related": ("Passt dazu", "See also"),
    "help_helped": ("Hat das geholfen?", "Did this help?"),
    "help_yes": ("Ja", "Yes"),
    "help_no": ("Nein", "No"),
    "help_thanks_yes": ("Danke, das freut uns.", "Thank you, glad to hear that."),
    "help_thanks_no": (
        "Danke für die ehrliche Antwort. Im Chat lässt sich das klären, auf Wunsch mit einem Menschen.",
        "Thank you for saying so. The chat can sort it out, with a person if you like.",
    ),
    "help_open": ("Noch eine Frage offen?", "Still a question left?"),
    "help_open_lead": (
        "Im Chat antwortet sofort unser digitaler Assistent, auf Wunsch übernimmt ein Mensch.",
        "In the chat our digital assistant answers at once, and a person takes over if you like.",
    ),
    "help_chat": ("Im Chat fragen", "Ask in the chat"),
    "help_results": ("Ergebnisse für „{query}“", "Results for “{query}”"),
    "help_results_count": ("{count} Antworten gefunden", "{count} answers found"),
    "help_results_one": ("1 Antwort gefunden", "1 answer found"),
    "help_nothing": (
        "Dazu haben wir hier keine Antwort gefunden.",
        "We have found no answer to this here.",
    ),
    "help_nothing_lead": (
        "Das heißt nicht, dass es keine gibt: Fragen Sie im Chat, auf Wunsch antwortet ein Mensch.",
        "That doesn't mean there is none: ask in the chat, and a person answers if you like.",
    ),
    "help_nothing_lead_du": (
        "Das heißt nicht, dass es keine gibt: Frag im Chat, auf Wunsch antwortet ein Mensch.",
        "That doesn't mean there is none: ask in the chat, and a person answers if you like.",
    ),
    "help_near": ("Am ehesten passt noch", "The nearest we have"),
    "help_ask_something": (
        "Geben Sie ein, was Sie wissen möchten. Ganze Sätze sind so gut wie Stichwörter.",
        "Type what you would like to know. Whole sentences work as well as keywords.",
    ),
    "help_ask_something_du": (
        "Gib ein, was du wissen möchtest. Ganze Sätze sind so gut wie Stichwörter.",
        "Type what you would like to know. Whole sentences work as well as keywords.",
    ),
    "help_too_fast": (
        "Das waren viele Suchen auf einmal. Bitte einen Moment warten, dann geht es weiter.",
        "That was a lot of searches at once. Please wait a moment, then carry on.",
    ),
    "help_other_language": ("auf Englisch", "in German"),
    "help_missing": ("Diese Seite gibt es nicht", "There is no such page"),
    "help_missing_lead": (
        "Vielleicht ist sie umgezogen. Die Suche findet, was es zu Ihrer Frage gibt.",
        "It may have moved. The search finds what there is on your question.",
    ),
    "help_missing_lead_du": (
        "Vielleicht ist sie umgezogen. Die Suche findet, was es zu deiner Frage gibt.",
        "It may have moved. The search finds what there is on your question.",
    ),
    "help_back": ("Zur Hilfe", "To the help centre"),
    "help_pages": ("Seiten", "Pages"),
    "help_earlier": ("Zurück", "Back"),
    "help_later": ("Weiter", "Next"),
    "help_topic_more": ("Weitere Fragen", "More questions"),
    "help_topic_all": ("Alle Fragen", "All questions"),
    "help_topic_delivery": ("Lieferung und Versand", "Delivery"),
    "help_topic_orders": ("Bestellungen", "Orders"),
    "help_topic_payment": ("Bezahlen", "Payment"),
    "help_topic_account": ("Kundenkonto", "Your account"),
    "help_topic_products": ("Produkte", "Products"),
    "help_topic_vouchers": ("Gutscheine", "Vouchers"),
    "help_topic_returns": ("Rückgabe", "Returns"),
    "help_topic_privacy": ("Datenschutz", "Privacy"),
    "help_topic_contact": ("Kontakt", "Contact"),
    "help_topic_warranty": ("Garantie und Reparatur", "Warranty and repair"),
    "help_topic_sustainability": ("Umwelt", "Environment"),
}

_MONTHS = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def long_date(day: datetime, language: str) -> str:
    """23. November 2026, or 23 November 2026."""
    month = _MONTHS["de" if language == "de" else "en"][day.month - 1]
    return f"{day.day}. {month} {day.year}" if language == "de" else f"{day.day} {month} {day.year}"
