"""What is said when a look-up is over: what was found, or honestly why not. Pure."""

from actions.lookups import words
from actions.lookups.form import LookupScene
from actions.lookups.lookup import Lookup, LookupOutcome, text_in
from actions.reply import offer_person, person, say
from bot_protocol import BotMessage
from knowledge.articles.placeholders import fill_placeholders


def tell_ending(scene: LookupScene, ending: str) -> BotMessage | None:
    """What ends a look-up; None where others have said it."""
    inquiry, past = scene.inquiry, scene.past
    lookup = scene.lookup(inquiry.lookup) if inquiry else None
    if ending == "left":
        return None
    if inquiry is None or lookup is None or ending in ("cancelled", "gone"):
        return BotMessage(text=say(past, words.CANCELLED))
    if ending == LookupOutcome.FOUND:
        return _found(scene, lookup)
    if ending == LookupOutcome.LIMITED:
        return BotMessage(text=say(past, words.LIMITED), choices=(person(past),), asked="person", because="not_found")
    before = text_in(lookup.unreachable, past.language) or say(past, words.UNREACHABLE)
    return offer_person(past, words.PERSON_CAN_LOOK, because="not_found", before=before)


def _found(scene: LookupScene, lookup: Lookup) -> BotMessage:
    inquiry, past = scene.inquiry, scene.past
    told = inquiry.result if inquiry else {}
    values = {name: text_in(wording, past.language) for name, wording in told.items()}
    text = fill_placeholders(text_in(lookup.found, past.language), values)
    if not text:  # the service knows it and says nothing that we could tell
        return offer_person(past, words.PERSON_CAN_LOOK, because="not_found")
    return BotMessage(text=text)
