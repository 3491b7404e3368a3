"""What the form makes of a message: a value, a correction, something else, the end. `lookup_form` in domain.yml.

Rasa's forms have their slots from the training; which fields a look-up asks for is known only at run time. So the form
requires one slot, how the look-up ended, and asks for it as long as a field is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from actions.lookups import words
from actions.lookups.field_values import FoundValue, example_of, find_values, value_of
from actions.lookups.inquiry import MAX_TRIES, STALE_AFTER, KeptLookups, LookupInquiry
from actions.lookups.lookup import AskedField, FieldKind, Lookup, LookupOutcome, LookupSource, text_in
from actions.lookups.signs import (
    asks_why,
    correction_start,
    has_no_value,
    is_called_off,
    is_called_off_first,
    is_correction,
)
from actions.memory import ConversationMemory
from actions.reply import paragraphs, payload, person, say
from actions.talk import TALK_INTENTS
from actions.words import TAKE_TIME
from bot_protocol import BotMessage, Choice

MAX_WRONG = 2
"""Answers in a row without a value after which a person is offered."""
LEAVING_INTENTS = TALK_INTENTS | {"ask_person"}
"""With these somebody leaves the form, whatever the search found."""
WAITS = "nudge"
"""The intent of who looks for the value first, or only shows that they are there."""
PARTING = frozenset({"ask_person", "goodbye"})
"""Intents after which a question of ours is not asked again."""
CLEAR_QUESTION = 0.5
"""Confidence of the search from which a message without a value is a question of its own."""
MIN_QUESTION_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupScene:
    """What a step of the form is taken from: the conversation, what is on, what it has come to, what is kept.

    `wanted` is the look-up that helpdesk recognised in the message; `at` is when that was written (Unix time).
    `is_rejected`: the form has left this message to others already.
    """

    past: ConversationMemory
    on: tuple[Lookup, ...]
    inquiry: LookupInquiry | None
    kept: KeptLookups
    conversation_id: str
    wanted: str | None
    at: float
    is_rejected: bool

    def lookup(self, name: str | None) -> Lookup | None:
        """A look-up by its name, while it is switched on."""
        return next((one for one in self.on if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStep:
    """What became of a message. `ending`: how the look-up is over, None while it goes on.

    `leaves`: the message is for others, after whom the form comes back.
    """

    inquiry: LookupInquiry | None
    kept: KeptLookups
    ending: str | None = None
    leaves: bool = False


async def read_message(scene: LookupScene, source: LookupSource) -> FormStep:
    """One step of the form: begins, goes on with, or ends a look-up."""
    inquiry = scene.inquiry
    lookup = scene.lookup(inquiry.lookup) if inquiry else None
    if inquiry is None or lookup is None:
        return await _begin(scene, source)
    if scene.is_rejected:
        return _come_back(scene, inquiry)
    if scene.at - inquiry.at > STALE_AFTER:
        return await _begin(scene, source) if scene.wanted else FormStep(inquiry=None, kept=scene.kept, leaves=True)
    if scene.wanted and scene.wanted != inquiry.lookup:
        return await _begin(scene, source)
    return await _go_on(scene, lookup, replace(inquiry, at=scene.at, note=""), source)


async def _begin(scene: LookupScene, source: LookupSource) -> FormStep:
    lookup = scene.lookup(scene.wanted)
    if lookup is None or scene.is_rejected:
        return FormStep(inquiry=None, kept=scene.kept, ending="left" if scene.is_rejected else "gone")
    text = _without_taken_back(lookup.asked, (), scene.past.text)
    found = {name: one.value for name, one in find_values(lookup.asked, text).items()}
    known = scene.kept.proofs.get(lookup.name, {})
    if not known and not any(one.name in found for one in lookup.proofs):
        known = await _vouched(scene, lookup, source)
    inquiry = LookupInquiry(
        lookup=lookup.name,
        question=scene.past.text,
        values={**known, **found},
        is_offer=not found and general_article(scene.past, lookup) is not None,
        at=scene.at,
    )
    return await _ask_when_complete(scene, lookup, inquiry, source)


async def _vouched(scene: LookupScene, lookup: Lookup, source: LookupSource) -> Mapping[str, str]:
    """The proof that whoever is signed in on the web site need not give: it was the company that confirmed it."""
    asked = next((one for one in lookup.proofs if one.kind is FieldKind.EMAIL), None)
    email = await source.vouched_email(scene.conversation_id) if asked else None
    return {asked.name: email} if asked and email else {}


async def _go_on(scene: LookupScene, lookup: Lookup, inquiry: LookupInquiry, source: LookupSource) -> FormStep:
    text = scene.past.text
    if is_called_off_first(text):  # what is asked instead is for others, and nothing is come back to
        return FormStep(inquiry=None, kept=scene.kept, leaves=True)
    if is_called_off(text) or scene.past.intent in ("cancel_lookup", "waive"):
        return FormStep(inquiry=inquiry, kept=scene.kept, ending="cancelled")
    found = _values_in(lookup, inquiry, text)
    if scene.past.intent == "ask_person" or _is_button(scene.past) or (scene.past.intent in PARTING and not found):
        return _leave(scene, inquiry)
    if found and not _asks_something_else(scene.past, found):
        inquiry = _take(lookup, inquiry, found, is_correction=is_correction(text))
        return await _ask_when_complete(scene, lookup, inquiry, source)
    return _without_value(scene, inquiry)


def _is_button(past: ConversationMemory) -> bool:
    """A pressed button is meant as it is; what is written never begins like its payload (`bot/text.py`)."""
    return past.text.startswith("/")


def _leave(scene: LookupScene, inquiry: LookupInquiry) -> FormStep:
    """The message is for others; a mere offer is not repeated after them."""
    return FormStep(inquiry=None if inquiry.is_offer else inquiry, kept=scene.kept, leaves=True)


def general_article(past: ConversationMemory, lookup: Lookup) -> str | None:
    """The article that answers the message in general, if one surely does."""
    best = past.candidates[0].key if past.candidates else None
    return best if past.outcome == "answer" and best in lookup.articles else None


def _without_value(scene: LookupScene, inquiry: LookupInquiry) -> FormStep:
    past = scene.past
    if inquiry.is_offer and past.intent == "affirm":
        return FormStep(inquiry=replace(inquiry, is_offer=False), kept=scene.kept)
    if inquiry.is_offer and scene.wanted is None and not any(sign.isdigit() for sign in past.text):
        return _leave(scene, inquiry)
    if past.intent == WAITS:
        return FormStep(inquiry=replace(inquiry, note="wait"), kept=scene.kept)
    if asks_why(past.text):
        return FormStep(inquiry=replace(inquiry, note="why"), kept=scene.kept)
    if has_no_value(past.text):
        return FormStep(inquiry=replace(inquiry, note="without"), kept=scene.kept)
    if scene.wanted == inquiry.lookup:  # the same question once more
        return FormStep(inquiry=inquiry, kept=scene.kept)
    if _is_for_others(past):
        return _leave(scene, inquiry)
    return FormStep(inquiry=replace(inquiry, note="wrong", wrong=inquiry.wrong + 1), kept=scene.kept)


def _values_in(lookup: Lookup, inquiry: LookupInquiry, text: str) -> dict[str, FoundValue]:
    """The fields that a message names. What was asked for comes first, unless an earlier value is corrected."""
    awaited = lookup.missing(inquiry.values)
    given = tuple(one for one in lookup.asked if one.name in inquiry.values)
    rest = tuple(one for one in lookup.asked if one not in awaited and one not in given)
    if (bare := _without_taken_back(awaited, inquiry.values.values(), text)) != text:
        return find_values((*awaited, *rest, *given), bare, is_correction=True)
    order = (*given, *awaited, *rest) if is_correction(text) else (*awaited, *rest, *given)
    found = find_values(order, text, is_correction=is_correction(text))
    if not found and len(awaited) == 1:
        value = value_of(awaited[0], text)
        if value and "?" not in text and not has_no_value(text):
            return {awaited[0].name: FoundValue(start=0, end=len(text), value=value)}
    return found


def _without_taken_back(fields: tuple[AskedField, ...], known: Iterable[str], text: str) -> str:
    """The text with the value blanked out that it replaces in the same breath: "04108, äh nein, 04109".

    Unchanged where a `known` value is replaced, or none of `fields`: then it is for the fields that have a value.
    """
    start = correction_start(text)
    if not find_values(fields, text[start:]):
        return text
    named = find_values(fields, text[:start]).values()
    value = next((one for one in named if not any(kept.endswith(one.value) for kept in known)), None)
    return text if value is None else text[: value.start] + " " * (value.end - value.start) + text[value.end :]


def _take(
    lookup: Lookup, inquiry: LookupInquiry, found: Mapping[str, FoundValue], *, is_correction: bool
) -> LookupInquiry:
    """With the values; one that replaces another is said again, so that a misreading is seen."""
    changed = {name: one.value for name, one in found.items() if inquiry.values.get(name, one.value) != one.value}
    note = f"corrected:{next(iter(changed))}" if changed else ""
    values = {**inquiry.values, **{name: one.value for name, one in found.items()}}
    return replace(inquiry, values=values, is_offer=False, wrong=0, note=note)


async def _ask_when_complete(
    scene: LookupScene, lookup: Lookup, inquiry: LookupInquiry, source: LookupSource
) -> FormStep:
    if lookup.proofs and scene.kept.tries_at(scene.at) >= MAX_TRIES:
        return FormStep(inquiry=inquiry, kept=scene.kept, ending=LookupOutcome.LIMITED)
    if lookup.missing(inquiry.values):
        return FormStep(inquiry=inquiry, kept=scene.kept)
    result = await source.look_up(lookup.name, inquiry.values, scene.past.language, scene.conversation_id)
    if result.outcome is LookupOutcome.NOT_FOUND:
        return _not_found(scene, lookup, inquiry)
    kept = scene.kept
    if result.outcome is LookupOutcome.FOUND:
        proofs = {one.name: inquiry.values[one.name] for one in lookup.proofs if one.name in inquiry.values}
        kept = replace(
            kept,
            tries=0,
            proofs={**kept.proofs, lookup.name: proofs},
            told={**kept.told, lookup.name: result.values},
        )
    return FormStep(inquiry=replace(inquiry, result=result.values), kept=kept, ending=result.outcome)


def _not_found(scene: LookupScene, lookup: Lookup, inquiry: LookupInquiry) -> FormStep:
    """The same whether nothing is there or the proof is wrong. With a proof it can be tried again, a few times."""
    tries = scene.kept.tries_at(scene.at) + 1
    known = {name: values for name, values in scene.kept.proofs.items() if name != lookup.name}
    kept = replace(scene.kept, tries=tries, tried_at=scene.at, proofs=known)
    if tries >= MAX_TRIES:
        return FormStep(inquiry=inquiry, kept=kept, ending=LookupOutcome.LIMITED)
    return FormStep(inquiry=replace(inquiry, values={}, note="no_match", wrong=0), kept=kept)


def _come_back(scene: LookupScene, inquiry: LookupInquiry) -> FormStep:
    """After something else was answered: the question once more, unless a person was wanted or it was a goodbye."""
    past = scene.past
    said_last = past.last
    if past.intent in PARTING or (said_last is not None and said_last.handoff is not None):
        return FormStep(inquiry=inquiry, kept=scene.kept, ending="left")
    return FormStep(inquiry=replace(inquiry, note="back", wrong=0), kept=scene.kept)


def _asks_something_else(past: ConversationMemory, found: Mapping[str, FoundValue]) -> bool:
    """A question of its own that happens to hold a value: "Was kostet der Versand nach 79098 Freiburg?"."""
    values = " ".join(one.value for one in found.values())
    others = len(past.text.split()) - len(values.split())
    return "?" in past.text and others > MIN_QUESTION_WORDS and _is_clear_question(past)


def _is_for_others(past: ConversationMemory) -> bool:
    if past.intent in ("affirm", "deny"):
        return past.last is not None and past.last.asked == "person"
    return past.intent in LEAVING_INTENTS or _is_clear_question(past)


def _is_clear_question(past: ConversationMemory) -> bool:
    best = past.candidates[0].confidence if past.candidates else 0.0
    several = len(past.text.split()) >= MIN_QUESTION_WORDS
    sure = past.outcome == "answer" and (best >= CLEAR_QUESTION or several)
    return sure or bool(past.parts) or (several and past.outcome == "clarify") or (several and "?" in past.text)


def question_for(scene: LookupScene) -> BotMessage:
    """What is asked next, with what there is to say before it."""
    inquiry, past = scene.inquiry, scene.past
    lookup = scene.lookup(inquiry.lookup) if inquiry else None
    if inquiry is None or lookup is None:
        return BotMessage(text=say(past, words.CANCELLED))
    awaited = lookup.missing(inquiry.values)
    if inquiry.note == "without" or inquiry.wrong > MAX_WRONG:
        return _offer_person(scene, awaited)
    if inquiry.note == "wait":
        return BotMessage(text=say(past, TAKE_TIME), choices=(_never_mind(past),))
    before = _before(scene, lookup, inquiry, awaited)
    if inquiry.note in ("wrong", "why"):
        question = before if inquiry.note == "wrong" else paragraphs((before, _question(past, awaited)))
        return BotMessage(text=question, choices=(_never_mind(past), person(past)))
    if inquiry.note == "back":
        back = say(past, words.BACK_TO).format(
            title=text_in(lookup.title, past.language), labels=_labels(past, awaited)
        )
        return BotMessage(text=back, choices=(_never_mind(past),))
    asked = _question(past, awaited)
    if inquiry.is_offer:
        asked = say(past, words.LOOK_RIGHT_AWAY).format(question=asked)
    return BotMessage(text=paragraphs((before, asked)))


def _before(scene: LookupScene, lookup: Lookup, inquiry: LookupInquiry, awaited: tuple[AskedField, ...]) -> str:
    past = scene.past
    if inquiry.note == "why":
        return say(past, words.WHY_PROOF if awaited[0].is_proof else words.WHY_FIELD)
    if inquiry.note == "wrong":
        return paragraphs((_wrong(past, awaited), text_in(awaited[0].hint, past.language)))
    if inquiry.note == "no_match":
        return text_in(lookup.not_found, past.language) or say(past, words.NO_MATCH)
    if inquiry.note.startswith("corrected:"):
        name = inquiry.note.removeprefix("corrected:")
        field = next(one for one in lookup.asked if one.name == name)
        label = text_in(field.label, past.language)
        return say(past, words.CORRECTED).format(label=label, value=inquiry.values[name])
    return ""


def _wrong(past: ConversationMemory, awaited: tuple[AskedField, ...]) -> str:
    examples = " / ".join(filter(None, (example_of(one) for one in awaited)))
    label = _labels(past, awaited)
    if examples:
        return say(past, words.WRONG_FORM).format(label=label, example=examples)
    return say(past, words.WRONG_VALUE).format(label=label)


def _question(past: ConversationMemory, awaited: tuple[AskedField, ...]) -> str:
    if len(awaited) > 1:
        return say(past, words.ASK_PROOF).format(labels=_labels(past, awaited))
    question = text_in(awaited[0].question, past.language)
    return say(past, words.ASK_ONE_PROOF).format(question=question) if awaited[0].is_proof else question


def _labels(past: ConversationMemory, fields: tuple[AskedField, ...]) -> str:
    labels = [text_in(one.label, past.language) for one in fields]
    first = ", ".join(labels[:-1])
    return say(past, words.OR).format(first=first, second=labels[-1]) if first else labels[-1]


def _offer_person(scene: LookupScene, awaited: tuple[AskedField, ...]) -> BotMessage:
    past = scene.past
    hint = text_in(awaited[0].hint, past.language)
    return BotMessage(
        text=paragraphs((hint, say(past, words.WITHOUT_VALUE))),
        choices=(person(past), _never_mind(past)),
        asked="person",
        because="asked",
    )


def _never_mind(past: ConversationMemory) -> Choice:
    return Choice(title=say(past, words.TELL_TITLE), payload=payload("cancel_lookup"))
