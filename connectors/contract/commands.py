"""What customers type or press for a command; the same on every channel."""

from collections.abc import Mapping

ASK_PERSON = "/ask_person"
"""The payload of every button that asks for a person; helpdesk acts on it without the bot."""


ASK_HELP = "/help"
"""The payload of a command that asks what is possible here; the bot answers it."""


START = "/start"
"""The payload of a channel's way to begin: the greeting answers it, once."""


CHOOSE_LANGUAGE = "/choose_language"
"""The payload of a command that asks for another language; helpdesk offers them."""


FORGET = "/forget_me"
"""The payload of a command that asks to be forgotten; helpdesk asks once more, then erases."""


CONNECT = "/connect_channels"
"""The payload of a command that asks for a link to the other channels; helpdesk makes it."""


TRANSCRIPT = "/transcript"
"""The payload of a command that asks for the conversation as a file; helpdesk makes it."""


COMMANDS: Mapping[str, str] = {
    "start": START,
    "help": ASK_HELP,
    "hilfe": ASK_HELP,
    "human": ASK_PERSON,
    "mensch": ASK_PERSON,
    "language": CHOOSE_LANGUAGE,
    "sprache": CHOOSE_LANGUAGE,
    "forget": FORGET,
    "vergessen": FORGET,
    "connect": CONNECT,
    "verbinden": CONNECT,
    "transcript": TRANSCRIPT,
    "verlauf": TRANSCRIPT,
}
"""What customers type for a command, after a slash; the same words on every channel."""


def command_in(text: str) -> str | None:
    """What a message means that is nothing but a command; every other text is text, whatever it begins with."""
    typed = text.strip().lower()
    return COMMANDS.get(typed[1:]) if typed.startswith("/") else None
