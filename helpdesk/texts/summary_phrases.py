"""The fixed wording of a summary, in the language of the member of staff who reads it: all in it that nobody said."""

import re
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_skeleton, format_time

from helpdesk.texts.quotation import quoted
from i18n import NP_, available_languages, catalog, language_name, locale_of, translate, translate_table

_PHRASES = {
    "request": NP_("summary", "Request"),
    "known": NP_("summary", "Known"),
    "tried": NP_("summary", "Tried"),
    "open": NP_("summary", "Open"),
    "mood": NP_("summary", "Mood"),
    "promised": NP_("summary", "Promised"),
    "next": NP_("summary", "Next step"),
    "language": NP_("summary", "Language"),
    "contact": NP_("summary", "Reachable at"),
    "helped": NP_("summary", "helped"),
    "did_not_help": NP_("summary", "didn't help"),
    "not_said": NP_("summary", "no feedback"),
    "awaited": NP_("summary", "asked back, no reply yet"),
    "still_open": NP_("summary", "still open"),
    "topic": NP_("summary", "Topic “{title}”"),
    "article": NP_("summary", "Article “{title}”"),
    "do_promised": NP_("summary", "keep the promise"),
    "do_open": NP_("summary", "answer what is open"),
    "wait": NP_("summary", "wait for the reply"),
    "until": NP_("summary", "by {when}"),
    "bot": NP_("summary", "bot"),
    "team": NP_("summary", "team"),
    "calm": NP_("summary", "calm"),
    "annoyed": NP_("summary", "annoyed"),
    "angry": NP_("summary", "very annoyed"),
    "abusive": NP_("summary", "abusive"),
    "calmer": NP_("summary", "calmer"),
    "at_first": NP_("summary", "{mood} at first"),
    "throughout": NP_("summary", "{mood} throughout"),
    "then": NP_("summary", "then {mood}"),
    "at_last": NP_("summary", "{mood} at last"),
    "order": NP_("summary", "Order"),
    "shipment": NP_("summary", "Shipment"),
    "invoice": NP_("summary", "Invoice"),
    "account": NP_("summary", "Account"),
    "iban": NP_("summary", "IBAN"),
    "card": NP_("summary", "Card"),
    "email": NP_("summary", "E-mail"),
    "phone": NP_("summary", "Phone"),
    "address": NP_("summary", "Address"),
}
_PLACE = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class StaffSummaryPhrases:
    """The phrases of `helpdesk.handoff.summary` from the catalog for staff."""

    language: str

    def phrase(self, name: str, **values: str) -> str:
        """A piece of fixed wording with its places filled in."""
        text = translate(catalog("staff", self.language), _PHRASES[name])
        return text.format(**values) if values else text

    def quoted(self, text: str) -> str:
        """In the reader's quotation marks."""
        return quoted(text, self.language, "staff")

    def language_name(self, language: str) -> str:
        """What a language is called."""
        return language_name(language, self.language)

    def moment(self, at: datetime) -> str:
        """Day and time in the zone of `at`: "5. März, 14:00", "5 March, 14:00"."""
        locale = locale_of(self.language)
        day = format_skeleton("MMMMd", at, at.tzinfo, locale=locale)
        return f"{day}, {format_time(at, 'HH:mm', at.tzinfo, locale)}"


def fixed_words(language: str) -> frozenset[str]:
    """Every word of the fixed wording: what a summary may hold beside what was said."""
    phrases = translate_table(catalog("staff", language), _PHRASES).values()
    names = (language_name(spoken, language) for spoken in available_languages("customer"))
    return frozenset(word for text in (*phrases, *names) for word in _WORD.findall(_PLACE.sub(" ", text)))
