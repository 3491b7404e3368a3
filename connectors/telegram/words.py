"""What the connector itself says on Telegram. Everything else is helpdesk's or the bot's."""

from dataclasses import dataclass

from i18n import catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramWords:
    """The sentences of one language. Buttons' answers may be 200 characters long, descriptions 120 and 512."""

    already_chosen: str
    not_yours: str
    open_article: str
    commands: tuple[tuple[str, str], ...]
    short_description: str
    description: str


def words(language: str | None) -> TelegramWords:
    """The sentences in a customer's language, given as Telegram names it ("de"); English where there is no catalog."""
    _ = catalog("customer", (language or "").lower().partition("-")[0]).gettext
    return TelegramWords(
        already_chosen=_("This has been chosen already or is no longer on offer. Just write to me."),
        not_yours=_("This button belongs to another conversation. Just write to me yourself."),
        open_article=_("Read the whole answer"),
        commands=(
            ("start", _("Begin again")),
            ("help", _("What I can answer")),
            ("human", _("Talk to a person")),
            ("language", _("Change the language")),
            ("transcript", _("Take this conversation along")),
            ("connect", _("Go on writing on another channel")),
            ("forget", _("Erase my data")),
        ),
        short_description=_("A digital assistant, not a person. Common questions at once, a person on request."),
        description=_(
            "A digital assistant answers here, not a person. It answers common questions at once; /human brings a "
            "person in at any time. /forget erases everything that is stored."
        ),
    )
