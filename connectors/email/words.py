"""What the connector itself says in a mail. Everything else is helpdesk's or the bot's."""

from dataclasses import dataclass

from i18n import catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """The sentences of one language."""

    subject: str
    read_article: str
    you_wrote: str
    no_more_questions: str


def words(language: str) -> MailWords:
    """The sentences in a customer's language; English where there is no catalog."""
    _ = catalog("customer", language).gettext
    return MailWords(
        subject=_("Your message to us"),
        read_article=_("Read the whole answer"),
        you_wrote=_("You wrote:"),
        no_more_questions=_("No more questions like this by e-mail"),
    )
