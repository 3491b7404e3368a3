"""What the connector itself says on Slack, in German and English. Everything else is helpdesk's or the bot's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackWords:
    """The sentences of one language. A button's title may be 75 characters long, a modal's 24."""

    chosen: str
    already_chosen: str
    not_yours: str
    no_longer_valid: str
    not_now: str
    in_direct_message: str
    address_again: str
    whole_answer: str
    related: str
    home_title: str
    home_intro: str
    home_search: str
    home_search_hint: str
    home_results: str
    home_nothing: str
    ask: str
    open_page: str
    person: str
    language: str
    ask_title: str
    ask_label: str
    send: str
    cancel: str
    asked: str


GERMAN = SlackWords(
    chosen="Ausgewählt: {title}",
    already_chosen="Das wurde schon ausgewählt oder gilt nicht mehr. Schreiben Sie mir einfach.",
    not_yours="Dieser Knopf gehört zu einem anderen Gespräch. Schreiben Sie mir einfach selbst.",
    no_longer_valid="Dieser Knopf gilt nicht mehr. Schreiben Sie mir einfach, was Sie brauchen.",
    not_now="Das hat gerade nicht geklappt. Bitte versuchen Sie es in einem Moment noch einmal.",
    in_direct_message="Ich antworte Ihnen in der Direktnachricht.",
    address_again="Hier im Thread lese ich nur, was mit {bot} beginnt oder mich erwähnt.",
    whole_answer="Auf einer eigenen Seite lesen",
    related="Passt auch dazu:",
    home_title="Fragen? Hier sind Sie richtig.",
    home_intro=(
        "Ich bin ein digitaler Assistent, kein Mensch. Häufige Fragen beantworte ich sofort; "
        "einen Menschen hole ich jederzeit dazu."
    ),
    home_search="Antworten suchen",
    home_search_hint="Zum Beispiel: Wie gebe ich etwas zurück?",
    home_results="Gefunden zu „{words}“",
    home_nothing="Dazu habe ich nichts gefunden. Fragen Sie mit anderen Worten, oder sprechen Sie mit einem Menschen.",
    ask="Fragen",
    open_page="Seite öffnen",
    person="Mit einem Menschen sprechen",
    language="Sprache wechseln",
    ask_title="Eine Frage stellen",
    ask_label="Ihre Frage",
    send="Fragen",
    cancel="Abbrechen",
    asked="Die Antwort steht in der Direktnachricht.",
)

ENGLISH = SlackWords(
    chosen="Chosen: {title}",
    already_chosen="This has been chosen already or is no longer on offer. Just write to me.",
    not_yours="This button belongs to another conversation. Just write to me yourself.",
    no_longer_valid="This button no longer works. Just write to me what you need.",
    not_now="That didn't work just now. Please try again in a moment.",
    in_direct_message="I'll answer you in a direct message.",
    address_again="In this thread I only read what begins with {bot} or mentions me.",
    whole_answer="Read it on a page of its own",
    related="Also on this:",
    home_title="Questions? You've come to the right place.",
    home_intro=(
        "I'm a digital assistant, not a person. I answer common questions at once, and bring a person in at any time."
    ),
    home_search="Search the answers",
    home_search_hint="For example: How do I return something?",
    home_results="Found for “{words}”",
    home_nothing="I found nothing on this. Ask me in other words, or talk to a person.",
    ask="Ask",
    open_page="Open the page",
    person="Talk to a person",
    language="Change the language",
    ask_title="Ask a question",
    ask_label="Your question",
    send="Ask",
    cancel="Cancel",
    asked="The answer is in the direct message.",
)


def words(language: str | None) -> SlackWords:
    """The sentences in German for who reads German, in English for everybody else."""
    return GERMAN if (language or "").lower().startswith("de") else ENGLISH
