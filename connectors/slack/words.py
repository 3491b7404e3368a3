"""What the connector itself says on Slack. Everything else is helpdesk's or the bot's."""

from dataclasses import dataclass

from i18n import catalog


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
    short_answer: str
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
    edited: str


def words(language: str | None) -> SlackWords:
    """The sentences in a customer's language, given as Slack names it ("de-DE"); English where there is no catalog."""
    _ = catalog("customer", (language or "").lower().partition("-")[0]).gettext
    return SlackWords(
        chosen=_("Chosen: {title}"),
        already_chosen=_("This has been chosen already or is no longer on offer. Just write to me."),
        not_yours=_("This button belongs to another conversation. Just write to me yourself."),
        no_longer_valid=_("This button no longer works. Just write to me what you need."),
        not_now=_("That didn't work just now. Please try again in a moment."),
        in_direct_message=_("I'll answer you in a direct message."),
        address_again=_("In this thread I only read what begins with {bot} or mentions me."),
        short_answer=_("Short answer"),
        whole_answer=_("Read it on a page of its own"),
        related=_("Also on this:"),
        home_title=_("Questions? You've come to the right place."),
        home_intro=_(
            "I'm a digital assistant, not a person. I answer common questions at once, and bring a person in at "
            "any time."
        ),
        home_search=_("Search the answers"),
        home_search_hint=_("For example: How do I return something?"),
        home_results=_("Found for “{words}”"),
        home_nothing=_("I found nothing on this. Ask me in other words, or talk to a person."),
        ask=_("Ask"),
        open_page=_("Open the page"),
        person=_("Talk to a person"),
        language=_("Change the language"),
        ask_title=_("Ask a question"),
        ask_label=_("Your question"),
        send=_("Ask"),
        cancel=_("Cancel"),
        asked=_("The answer is in the direct message."),
        edited=_("edited"),
    )
