"""How a customer is addressed: a language, and Sie or du."""

import re

from bot_protocol.json_object import JsonObject

FORMALITIES = ("sie", "du")
LANGUAGE = re.compile(r"[a-z]{2}")


def read_language(facts: JsonObject) -> str | None:
    """The `language` of an object, two letters. Raises `BotProtocolError`."""
    language = facts.text_or_none("language")
    if language is not None and not LANGUAGE.fullmatch(language):
        raise facts.wrong("language", "a language's two letters")
    return language
