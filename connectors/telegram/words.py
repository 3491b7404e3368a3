"""What the connector itself says on Telegram, in German and English. Everything else is helpdesk's or the bot's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramWords:
    """The sentences of one language. Buttons' answers may be 200 characters long, descriptions 120 and 512."""

    already_chosen: str
    not_yours: str
    open_article: str
    commands: tuple[tuple[str, str], ...]
    short_description: str
    description: str


GERMAN = TelegramWords(
    already_chosen="Das wurde schon ausgewählt oder gilt nicht mehr. Schreiben Sie mir einfach.",
    not_yours="Dieser Knopf gehört zu einem anderen Gespräch. Schreiben Sie mir einfach selbst.",
    open_article="Ganze Antwort lesen",
    commands=(
        ("start", "Von vorn beginnen"),
        ("help", "Was ich beantworten kann"),
        ("human", "Mit einem Menschen sprechen"),
        ("language", "Sprache wechseln"),
        ("connect", "Auf einem anderen Kanal weiterschreiben"),
        ("forget", "Meine Daten löschen"),
    ),
    short_description="Digitaler Assistent, kein Mensch. Häufige Fragen sofort, einen Menschen auf Wunsch.",
    description=(
        "Hier antwortet ein digitaler Assistent, kein Mensch. Häufige Fragen beantwortet er sofort; "
        "mit /human kommt jederzeit ein Mensch dazu. Mit /forget wird alles gelöscht, was gespeichert ist."
    ),
)

ENGLISH = TelegramWords(
    already_chosen="This has been chosen already or is no longer on offer. Just write to me.",
    not_yours="This button belongs to another conversation. Just write to me yourself.",
    open_article="Read the whole answer",
    commands=(
        ("start", "Begin again"),
        ("help", "What I can answer"),
        ("human", "Talk to a person"),
        ("language", "Change the language"),
        ("connect", "Go on writing on another channel"),
        ("forget", "Erase my data"),
    ),
    short_description="A digital assistant, not a person. Common questions at once, a person on request.",
    description=(
        "A digital assistant answers here, not a person. It answers common questions at once; "
        "/human brings a person in at any time. /forget erases everything that is stored."
    ),
)


def words(language: str | None) -> TelegramWords:
    """The sentences in German for who reads German, in English for everybody else."""
    return GERMAN if (language or "").lower().startswith("de") else ENGLISH
