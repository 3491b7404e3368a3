"""The fixed wording of a summary, in the reader's language: everything in it that nobody said."""

import re

_PHRASES: dict[str, tuple[str, str]] = {  # German, English
    "request": ("Anliegen", "Request"),
    "known": ("Bekannt", "Known"),
    "tried": ("Versucht", "Tried"),
    "open": ("Offen", "Open"),
    "mood": ("Stimmung", "Mood"),
    "promised": ("Zugesagt", "Promised"),
    "next": ("Nächster Schritt", "Next step"),
    "language": ("Sprache", "Language"),
    "contact": ("Erreichbar unter", "Reachable at"),
    "helped": ("hat geholfen", "helped"),
    "did_not_help": ("half nicht", "didn't help"),
    "not_said": ("Rückmeldung fehlt", "no feedback"),
    "awaited": ("Rückfrage, Antwort steht aus", "asked back, no reply yet"),
    "still_open": ("noch offen", "still open"),
    "de": ("Deutsch", "German"),
    "en": ("Englisch", "English"),
    "topic": ("Thema „{title}“", "Topic “{title}”"),
    "article": ("Artikel „{title}“", "Article “{title}”"),
    "do_promised": ("Zusage einhalten", "keep the promise"),
    "do_open": ("Offenes beantworten", "answer what is open"),
    "wait": ("Antwort abwarten", "wait for the reply"),
    "until": ("bis {when}", "by {when}"),
    "bot": ("Bot", "bot"),
    "team": ("Team", "team"),
    "calm": ("ruhig", "calm"),
    "annoyed": ("verärgert", "annoyed"),
    "angry": ("sehr verärgert", "very annoyed"),
    "abusive": ("beleidigend", "abusive"),
    "calmer": ("ruhiger", "calmer"),
    "at_first": ("erst {mood}", "{mood} at first"),
    "throughout": ("durchgehend {mood}", "{mood} throughout"),
    "then": ("dann {mood}", "then {mood}"),
    "at_last": ("zuletzt {mood}", "{mood} at last"),
    "order": ("Bestellung", "Order"),
    "shipment": ("Sendung", "Shipment"),
    "invoice": ("Rechnung", "Invoice"),
    "account": ("Kunde oder Vertrag", "Account"),
    "iban": ("IBAN", "IBAN"),
    "card": ("Karte", "Card"),
    "email": ("E-Mail", "E-mail"),
    "phone": ("Telefon", "Phone"),
    "address": ("Anschrift", "Address"),
}
_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "January February March April May June July August September October November December",
)
_QUOTES = {"de": ("„", "“"), "en": ("“", "”")}
_PLACE = re.compile(r"\{\w+\}")


def phrase(name: str, language: str, **values: str) -> str:
    """A piece of fixed wording with its places filled in."""
    text = _PHRASES[name][_column(language)]
    return text.format(**values) if values else text


def quoted(text: str, language: str) -> str:
    """In the quotation marks of the reader's language, so that nobody takes it for ours."""
    opening, closing = _QUOTES["de" if language == "de" else "en"]
    return f"{opening}{text}{closing}"


def fixed_words(language: str) -> frozenset[str]:
    """Every word of the fixed wording: what a summary may hold beside what was said."""
    texts = (_PLACE.sub(" ", pair[_column(language)]) for pair in _PHRASES.values())
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text))


def _column(language: str) -> int:
    return 0 if language == "de" else 1


def month(number: int, language: str) -> str:
    """The name of a month, 1–12."""
    return _MONTHS[_column(language)].split()[number - 1]
