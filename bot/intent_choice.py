"""Weighs the intent against what the knowledge base found. Pure, no Rasa.

The classifier knows how people talk, the search knows the articles. What is clearly talk (a greeting, the wish for a
person) stays; a weak guess yields to a good hit; and nothing is called "out of scope" that the knowledge base answers.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot_protocol import LOOKUP_INTENT, TurnContext
from identifiers import find_identifiers, is_nothing_else

FAQ = "faq"
PARTING = frozenset({"goodbye", "waive"})
NOT_HELPFUL = "feedback_not_helpful"
OUT_OF_SCOPE = "out_of_scope"
PERSON = "ask_person"
_ASKS = re.compile(r"\?\W*$|\b(?:oder|gell|right|or what)\W*$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\W*(?:(?:okay|ok|gut|fein|fine|right|alright)\b\W*)?(?:und|and|et)\s+"
    r"(?:(?:am|an|den|der|die|das|on|at|the|le|la|du|what|was|wie|how|wann|when|zwischen|between|over|über|"
    r"morgen|tomorrow|next|nächste\w*|(?:mon|diens|donners|frei|sams|sonn|feier)tags?|mittwochs?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun|boxing )days?|bank holidays?|new year\S*|neujahr|silvester|"
    r"christmas|weihnacht\w*|heilig\w*|easter|oster\w*|pfingst\w*|whit\w*)\b)",
    re.IGNORECASE,
)
"""How somebody goes on who names another day: "ok and the Sunday after that". Nobody takes leave so."""
_OWN_ABSENCE = re.compile(
    r"\b(?:ich|wir)\b[^.,!?]{0,30}\b(?:nicht|nie|kaum)\b[^.,!?]{0,12}\b(?:da|daheim|zu ?hause|erreichbar)\b|"
    r"\b(?:i|we)(?:['’]m| am|['’]re| are|['’]ll be| will be)\b[^.,!?]{0,8}"
    r"\b(?:not\b[^.,!?]{0,12}\b(?:in|home|there|around)|out|away)\b|"
    r"\b(?:i|we) (?:won['’]?t|can['’]?t|will not|may not) be\b[^.,!?]{0,12}\b(?:in|home|there|around)\b",
    re.IGNORECASE,
)
"""That the customer is not there themselves, "wenn ich an dem Tag nicht da bin", asks for nobody's hours."""
WANTS_A_PERSON = 0.8
"""From here on whoever wants a person is not asked for an order number first."""
CLEAR = 0.5
"""From here on an intent of talk is taken at its word, whatever the search found."""
LIKELY = 0.35
"""Enough where the search found nothing: of two poor guesses the better one. The confidence is calibrated."""
WITH_CONSEQUENCES = frozenset({"ask_person", "ask_callback", "complaint", "switch_language", "switch_formality"})
"""Intents that change something, which a poor guess is not enough for."""
TO_AN_ANSWER = frozenset({"thanks", "goodbye", "feedback_helpful", "feedback_not_helpful", "unclear", "waive"})
"""What people say to an answer: after one, such a reading is likelier than several articles that may be meant."""
CONTENT = frozenset({"thanks", "goodbye", "feedback_helpful", "waive"})
"""Ways to leave it at an answer, which one is hard to tell: together they say how likely it is any of them."""
PLEASED = CONTENT | {"feedback"}
CONTENTED = 0.45
"""From here on, all of them together are taken at their word where no article surely answers.

With paraphrases kept apart, 909 of 1,085 examples of them reach it and 3 of 487 questions; alone and at `CLEAR`, it is
843 and 1.
"""
CLEAR_BESIDE_AN_ANSWER = {
    "feedback": 0.75,
    "help": 0.75,
    "affirm": 0.6,
    "deny": 0.6,
    "waive": 0.7,
    "opening_hours": 0.7,
    "feedback_not_helpful": 0.8,
    "unclear": 0.8,
}
"""Intents whose words also occur in questions ("ich brauche Hilfe bei …") must be surer when there is an answer."""
AMONG_SEVERAL = frozenset({"ask_person", "complaint"})
"""Intents that a message with several answerable questions may still have; any other is one voice among them."""
CERTAIN = 0.9
"""Confidence of the search from which there is an answer for certain."""
CLEAR_BESIDE_A_CERTAIN_ANSWER = {
    "complaint": 0.9,
    "out_of_scope": 1.01,
    "greeting": 0.95,
    "goodbye": 0.95,
    "help": 0.9,
    "bot_challenge": 0.9,
    "small_talk": 0.9,
}
"""Beside it, what merely sounds annoyed, odd or like a hello is a question: "why so much plastic", "und samstags?"."""
CLEARLY_NOT_HELPFUL = 0.95
CLEAR_AFTER_AN_ANSWER = {"small_talk": 0.9}
"""After an answer, "and if it's on its way already?" sounds like "and how about you?" and goes on with the matter."""
OF_ORDERS = frozenset({"order_number", "tracking_number"})
"""Who names one asks for a parcel, though a day stands beside it: "LH-2024-88317 was meant to be here on Saturday"."""
SURE = 0.8
"""Confidence of the search from which "hab ich schon, aber …" is about what comes behind the "aber"."""
SURELY = 0.9999
"""Exactly 1 is the confidence of a pressed button."""
SURELY_OUTSIDE = 0.9
OUTSIDE = 0.6
"""Below this, what sounds like no question to us may still be one that no article answers yet: the kinder reading."""


def choose_intent(intent: str, confidence: float, context: TurnContext) -> str:
    """The intent to act on.

    `context` is the message's; without an outcome of the search the classifier decides alone, and only an unsure intent
    becomes a question to the knowledge base.
    """
    if context.lookup and not (intent == PERSON and confidence >= WANTS_A_PERSON):
        return LOOKUP_INTENT
    several = bool(context.questions)
    if intent == FAQ or (several and (intent not in AMONG_SEVERAL or confidence < CLEAR)):
        return FAQ
    if confidence < CLEAR_BESIDE_A_CERTAIN_ANSWER.get(intent, 0.0) and _best(context) >= CERTAIN:
        return FAQ
    if context.last_article is not None and confidence < CLEAR_AFTER_AN_ANSWER.get(intent, 0.0):
        return FAQ
    if intent == NOT_HELPFUL and _finds_another(context):
        return intent if confidence >= CLEARLY_NOT_HELPFUL else FAQ
    if intent == OUT_OF_SCOPE:
        return _outside(confidence, context.outcome)
    if context.outcome == "answer":
        return intent if confidence >= CLEAR_BESIDE_AN_ANSWER.get(intent, CLEAR) else FAQ
    is_reply = context.last_article is not None and intent in TO_AN_ANSWER
    is_open = context.outcome != "clarify" and not context.goes_on
    is_harmless = is_reply or (is_open and intent not in WITH_CONSEQUENCES)
    return intent if confidence >= (LIKELY if is_harmless else CLEAR) else FAQ


def without_parting_question(
    said: Mapping[str, Any], ranking: Sequence[Mapping[str, Any]], text: str
) -> Mapping[str, Any]:
    """The intent; for a question that sounds like taking leave, the next one of the ranking: nobody parts by asking."""
    if said["name"] not in PARTING or not (_ASKS.search(text) or _GOES_ON.match(text)):
        return said
    return next((each for each in ranking if each["name"] not in PARTING), {**said, "name": FAQ})


def with_all_contentment(
    said: Mapping[str, Any], ranking: Sequence[Mapping[str, Any]], context: TurnContext
) -> Mapping[str, Any]:
    """The intent; to an answer, one that leaves it at that is as sure as all that do, and of them the likeliest."""
    if context.last_article is None or said["name"] not in CONTENT or _best(context) >= SURE:
        return said
    return {**said, "confidence": sum(each["confidence"] for each in ranking if each["name"] in CONTENT)}


def pleased_intent(ranking: Sequence[Mapping[str, Any]], context: TurnContext, text: str) -> Mapping[str, Any] | None:
    """The likeliest way to be pleased, as sure as it is that it is any of them; None where that is not sure enough.

    After an answer it counts beside an article that is not certain, too: articles come near to what is said by chance.
    """
    is_answer = context.outcome == "answer" and (context.last_article is None or _best(context) >= CERTAIN)
    if context.outcome is None or is_answer or context.goes_on or context.questions or "?" in text:
        return None
    pleased = [each for each in ranking if each["name"] in PLEASED]
    share = sum(each["confidence"] for each in pleased)
    asked = next((each["confidence"] for each in ranking if each["name"] == FAQ), 0.0)
    return {**pleased[0], "confidence": min(share, SURELY)} if share >= CONTENTED and share > asked else None


def _finds_another(context: TurnContext) -> bool:
    """Whether the search surely finds an article that isn't the one that was said last."""
    is_sure = context.outcome == "answer" and _best(context) >= SURE
    return is_sure and context.candidates[0].key != context.last_article


def _best(context: TurnContext) -> float:
    """How sure the search is of its first candidate."""
    return context.candidates[0].confidence if context.candidates else 0.0


def _outside(confidence: float, outcome: str | None) -> str:
    if outcome == "answer":
        return FAQ if confidence < SURELY_OUTSIDE else OUT_OF_SCOPE
    return FAQ if confidence < OUTSIDE else OUT_OF_SCOPE


def without_hours_of_others(name: str, text: str) -> str:
    """The intent; a question, where hours are understood and an order is named, or the customer's own absence."""
    if name != "opening_hours":
        return name
    is_order = any(one.kind in OF_ORDERS for one in find_identifiers(text))
    return FAQ if is_order or _OWN_ABSENCE.search(text) else name


def intent_of_number(text: str) -> str | None:
    """A question, where a message is an order number or another identifier and nothing else; None for any other."""
    return FAQ if is_nothing_else(text, find_identifiers(text)) else None
