"""What is said of an order's or a parcel's number: nothing is looked up by it here, but elsewhere. Pure."""

import re

from actions import words
from actions.memory import ConversationMemory
from actions.reply import offer_person, person, say
from bot_protocol import BotMessage
from identifiers import find_identifiers, is_nothing_else
from identifiers.identifier import INVOICE_NUMBER, ORDER_NUMBER, TRACKING_NUMBER

LOOKED_UP = frozenset({ORDER_NUMBER, TRACKING_NUMBER, INVOICE_NUMBER})
"""Kinds of numbers by which a company looks something up."""
_STATE = re.compile(
    r"\b(?:wo|wann|status|stand|noch (?:nicht|immer|nix)|nicht (?:da|angekommen|gekommen)|bleibt|überfällig|"
    r"verspätet|unterwegs|"
    r"verschickt|versendet|geliefert|los mit|where|wheres|when|track\w*|late|overdue|arriv\w*|not here|shipped|sent|"
    r"deliver\w*|"
    r"happen\w*|où|quand|reçu|arriv\w*|statut|suivi)\b",
    re.IGNORECASE,
)


def is_number_alone(past: ConversationMemory) -> bool:
    """Whether the message is an order number or another identifier and nothing else."""
    return is_nothing_else(past.text, find_identifiers(past.text))


def cannot_look_up(past: ConversationMemory) -> str:
    """The sentence that no order is looked up here, for who asks how one stands and gives its number.

    Empty otherwise, where something is, and where it was said before.
    """
    asks = not past.looks_up and bool(LOOKED_UP & past.entities.keys()) and bool(_STATE.search(past.text))
    return say(past, words.NO_LOOK_UP) if asks and not _was_said(past) else ""


def ask_about_number(past: ConversationMemory) -> BotMessage:
    """The reply to a number alone for which no article says where to look."""
    if LOOKED_UP & past.entities.keys() and not past.looks_up:
        return offer_person(past, words.PERSON_LOOKS_UP, because="not_found", before=say(past, words.NO_LOOK_UP))
    return BotMessage(text=say(past, words.WHAT_ABOUT_IT), choices=(person(past),))


def _was_said(past: ConversationMemory) -> bool:
    wordings = [say(past, (wording,)) for wording in words.NO_LOOK_UP]
    return any(wording in text for text in past.spoken for wording in wordings)
