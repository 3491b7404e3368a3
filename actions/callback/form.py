"""What the form makes of a message: a number, a time, a correction, something else, the end. Pure."""

import re
from dataclasses import dataclass, replace

from actions.callback import words
from actions.callback.call_draft import CallDraft, CallEnding, CallNote
from actions.callback.call_plan import CallDesk, CallPlan, CallWindow
from actions.callback.spoken_time import SpokenTime, read_time
from actions.memory import ConversationMemory
from actions.reply import hand_over, paragraphs, payload, person, say
from actions.talk import TALK_INTENTS
from bot_protocol import BotMessage, CallAppointment, Choice

NEVER = "never"
"""The time of the button that calls it off."""
KNOWN = "known"
"""The time of the button that takes the number that the web site vouches for: when was said before."""
INTENT = "ask_callback"
MAX_WRONG = 2
"""Answers in a row without a value after which a person is offered."""
CLEAR_QUESTION = 0.5
"""Confidence of the search from which a message without a value is a question of its own."""
MIN_QUESTION_WORDS = 3
MAX_CANCEL_WORDS = 7
STALE_AFTER = 7_200.0
"""Seconds after which a question of ours is forgotten: somebody has been with the customer meanwhile, or they slept."""
_CANCEL = re.compile(
    r"\b(?:abbrechen|abbruch|brich\b.{0,12}\bab|vergiss\w*|vergessen sie|nicht mehr nötig|schon erledigt"
    r"|(?:hat|habe) (?:sich|es)\b.{0,12}\b(?:erledigt|geklärt)|kein\w* (?:anruf|rückruf)"
    r"|nicht (?:mehr )?an(?:ge)?rufen|brauch\w*\b.{0,16}\bnicht mehr|cancel"
    r"|never ?mind|nvm|forget (?:it|about it|that|the)|no longer needed|no call"
    r"|don'?t (?:bother|call)|laisse[rz]? tomber|annule[rz]?)\b",
    re.IGNORECASE,
)
_SHRUG = re.compile(
    r"\b(?:egal|lass(?:'?s| ma)|lass(?:en|t)?\b.{0,14}\b(?:gut sein|es|das|mal|sein)|stopp?|schon gut"
    r"|(?:dann |ach |nein |lieber )?doch (?:nicht|kein\w*)|skip (?:it|that)|leave it|drop it|not any ?more|tant pis"
    r"|peu importe)\b",
    re.IGNORECASE,
)
"""Calls it off where nothing else is said: "nein, doch nicht am Montag, lieber Dienstag"."""
_SUITS = re.compile(
    r"\b(?:geht|ginge|gehen|passt|passen|möglich|klappt|wäre|works?|would|possible|available|how about|what about"
    r"|suits?|can (?:you|we|i)|können (?:sie|wir)|könnt ihr|kann ich)\b",
    re.IGNORECASE,
)
"""A question about a time of ours and not about the company: "Geht auch Freitag um 10?"."""
_CALL = re.compile(r"(?:ruf|telefon|anklingel|\bcall|phone|\bring\b|appel)", re.IGNORECASE)
_TURNS_DOWN = re.compile(
    r"\b(?:passt\b.{0,20}\b(?:nicht|nie)|geht\b.{0,20}\bnicht|keine?[rs]?\b.{0,12}\b(?:davon|zeiten|passt)|andere\w*|anders"
    r"|kann ich (?:da )?nicht|none of|neither|other (?:time|day)|another (?:time|day)|different|doesn'?t (?:work|suit)"
    r"|can'?t (?:do|make)|not good|aucun)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:nein|nee?|nö|no|nope|non)\b|\b(?:doch|lieber|besser|statt|stattdessen|sorry|mein(?:e|te)|moment|quatsch"
    r"|falsch\w*|verschrieben|vertan|eher|actually|i meant?|make (?:it|that)|rather|instead|better|wrong|mistake"
    r"|plutôt|pardon)\b",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{3}")
_ORDINALS = (
    r"erste\w*|first|premi\w+",
    r"zweite\w*|second|deuxi\w+",
    r"dritte\w*|letzte\w*|third|last|trois\w+|derni\w+",
)
_DIGITS = re.compile(r"\d")
_PHONE_LIKE = re.compile(r"\+?\d[\d\s/()-]{5,}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScene:
    """What a step of the form is taken from. `awaited` is the slot asked for; None when the form begins.

    `is_rejected`: the form has left this message to others already. `known_phone` is what the web site vouches for.
    """

    past: ConversationMemory
    plan: CallPlan
    known_phone: str | None = None
    draft: CallDraft
    awaited: str | None
    is_rejected: bool

    @property
    def proposals(self) -> tuple[CallWindow, ...]:
        """What can be offered now."""
        near = SpokenTime(day=self.draft.day) if self.draft.day else None
        return self.plan.proposals(near, self.draft.skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep:
    """What became of a message. `leaves`: it is for others, after whom the form comes back."""

    draft: CallDraft
    leaves: bool = False


def read_message(scene: CallScene, desk: CallDesk) -> CallStep:
    """One step of the form."""
    past, before = scene.past, scene.draft
    time = scene.plan.now.timestamp()
    is_stale = bool(before.at) and time - before.at > STALE_AFTER
    draft = replace(before, note=CallNote.NOTHING, at=time)
    if not scene.plan.openings:
        return CallStep(draft=replace(draft, ending=CallEnding.PERSON))
    if scene.is_rejected:
        return CallStep(draft=_come_back(past, draft, is_stale=is_stale))
    chosen = past.entities.get("time") if past.intent == INTENT else None
    if chosen == NEVER or _is_short_and(_CANCEL, past.text):
        return CallStep(draft=replace(draft, ending=CallEnding.CANCELLED))
    if chosen == KNOWN:
        return CallStep(draft=replace(draft, phone=scene.known_phone, wrong=0))
    if chosen:
        return CallStep(draft=_take_window(scene, draft, CallWindow.from_text(chosen)))
    if is_stale or past.text.startswith("/"):
        return CallStep(draft=draft, leaves=True)
    return _read_words(scene, draft, desk)


def _read_words(scene: CallScene, draft: CallDraft, desk: CallDesk) -> CallStep:
    past = scene.past
    phone = desk.read_phone(past.text)
    wish = _read_wish(scene, draft, past.text)
    if scene.awaited and not phone and (_asks_for_person(past) or _asks_something_else(past, has_value=bool(wish))):
        return _leave(past, draft)
    if draft.time is not None and past.intent == "affirm" and not wish:
        phone = phone or scene.known_phone
    if phone or wish:
        draft = replace(draft, phone=phone or draft.phone, wrong=0)
        draft = _take_time(scene, draft, wish) if wish else draft
        return CallStep(draft=draft)
    if scene.awaited is None:
        return CallStep(draft=draft)
    if _is_short_and(_SHRUG, past.text) or past.intent == "waive":
        return CallStep(draft=replace(draft, ending=CallEnding.CANCELLED))
    return _without_value(scene, draft)


def _leave(past: ConversationMemory, draft: CallDraft) -> CallStep:
    """Somebody who wants a person gets one, with what was written so far; other questions are answered first."""
    if _asks_for_person(past):
        return CallStep(draft=replace(draft, ending=CallEnding.PERSON))
    return CallStep(draft=draft, leaves=True)


def _without_value(scene: CallScene, draft: CallDraft) -> CallStep:
    past = scene.past
    if past.intent in ("affirm", "deny") and past.last is not None and past.last.asked == "person":
        return CallStep(draft=draft, leaves=True)
    awaits_time = draft.time is None
    if awaits_time and (_TURNS_DOWN.search(past.text) or past.intent == "deny"):
        return CallStep(draft=replace(draft, note=CallNote.OTHERS, skipped=draft.skipped + len(scene.proposals)))
    if past.intent == INTENT or _CALL.search(past.text):  # the same wish once more
        return CallStep(draft=draft)
    if past.intent in TALK_INTENTS:
        return CallStep(draft=draft, leaves=True)
    is_number = not awaits_time and bool(_DIGITS.search(past.text))
    note = CallNote.BAD_PHONE if is_number else CallNote.WRONG
    return CallStep(draft=replace(draft, note=note, wrong=draft.wrong + 1))


def _come_back(past: ConversationMemory, draft: CallDraft, *, is_stale: bool) -> CallDraft:
    """After something else was answered: the question once more, unless it was a goodbye or a person comes."""
    if is_stale or past.intent == "goodbye" or (past.last is not None and past.last.handoff is not None):
        return replace(draft, ending=CallEnding.LEFT)
    return replace(draft, note=CallNote.BACK, wrong=0)


def _read_wish(scene: CallScene, draft: CallDraft, text: str) -> SpokenTime | None:
    """The time in a text, its telephone number aside; one that was offered may be meant by its place or by a yes."""
    corrects = draft.time is not None and bool(_CORRECTS.search(text)) and not _LONG_NUMBER.search(text)
    wish = read_time(_PHONE_LIKE.sub(" ", text), scene.plan.now, is_correction=corrects)
    if wish is not None or draft.time is not None or scene.awaited is None:
        return wish
    offered = scene.proposals
    for number, names in enumerate(_ORDINALS):
        if number < len(offered) and re.search(rf"\b(?:{names})\b", text, re.IGNORECASE):
            return _wish_for(offered[number])
    return _wish_for(offered[0]) if scene.past.intent == "affirm" and len(offered) == 1 else None


def _wish_for(window: CallWindow) -> SpokenTime:
    midnight = window.start.replace(hour=0, minute=0, second=0, microsecond=0)
    return SpokenTime(day=window.start.date(), start=window.start - midnight, end=window.end - midnight)


def _take_time(scene: CallScene, draft: CallDraft, wish: SpokenTime) -> CallDraft:
    """With the window that the wish comes to; what it leaves open it takes from what was said before."""
    if wish.day is None and not wish.soonest:
        wish = replace(wish, day=draft.day or (draft.time.start.date() if draft.time else None))
    if wish.day is not None and wish.start is None:
        return _take_day(scene, draft, wish)
    return _take_window(scene, draft, scene.plan.fit(wish), wish)


def _take_day(scene: CallScene, draft: CallDraft, wish: SpokenTime) -> CallDraft:
    """A day alone: at the hour that was agreed for another, else the hour is asked for."""
    if draft.time is not None:
        earlier = _wish_for(draft.time)
        moved = scene.plan.fit(replace(earlier, day=wish.day))
        if moved is not None:
            return _take_window(scene, draft, moved)
    is_open = scene.plan.fit(wish) is not None
    note = CallNote.NOTHING if is_open else CallNote.NO_FIT
    return replace(draft, time=None, day=wish.day, note=note, skipped=0)


def _take_window(
    scene: CallScene, draft: CallDraft, window: CallWindow | None, wish: SpokenTime | None = None
) -> CallDraft:
    if window is None or not scene.plan.is_possible(window):
        day = wish.day if wish else None
        return replace(draft, time=None, day=day, note=CallNote.NO_FIT, skipped=0)
    return replace(draft, time=window, day=None, note=CallNote.NOTHING, skipped=0, wrong=0)


def _asks_for_person(past: ConversationMemory) -> bool:
    return past.intent == "ask_person" and not _CALL.search(past.text)


def _asks_something_else(past: ConversationMemory, *, has_value: bool) -> bool:
    """A question of its own, even if it names a day: "Ist der Laden am Samstag offen?"."""
    several = len(past.text.split()) >= MIN_QUESTION_WORDS
    best = past.candidates[0].confidence if past.candidates else 0.0
    is_answered = past.outcome == "answer" and (best >= CLEAR_QUESTION or several)
    asks = "?" in past.text and several
    if has_value:
        return asks and is_answered and not _CALL.search(past.text) and not _SUITS.search(past.text)
    return (
        is_answered
        or bool(past.parts)
        or (several and past.outcome == "clarify")
        or (asks and not _CALL.search(past.text))
    )


def _is_short_and(pattern: re.Pattern[str], text: str) -> bool:
    return len(text.split()) <= MAX_CANCEL_WORDS and bool(pattern.search(text))


def question_for(scene: CallScene) -> BotMessage:
    """What is asked next, with what there is to say before it."""
    past, draft = scene.past, scene.draft
    before = _note_of(scene)
    tired = (person(past),) if draft.wrong >= MAX_WRONG else ()
    cancel = Choice(title=say(past, words.CANCEL_TITLE), payload=payload(INTENT, time=NEVER))
    if draft.time is not None:
        window, known = scene.plan.say(draft.time), scene.known_phone
        ask = say(past, words.CONFIRM_PHONE if known else words.ASK_PHONE).format(window=window, phone=known)
        yes = (Choice(title=known, payload=payload(INTENT, time=KNOWN)),) if known else ()
        return BotMessage(text=paragraphs((before, ask[:1].upper() + ask[1:])), choices=(*yes, *tired, cancel))
    ask = "" if draft.note in (CallNote.NO_FIT, CallNote.OTHERS) else say(past, _ask_time(draft))
    times = tuple(
        Choice(title=scene.plan.say(each), payload=payload(INTENT, time=each.to_text())) for each in scene.proposals
    )
    return BotMessage(text=paragraphs((before, ask)), choices=(*times, *tired, cancel))


def _ask_time(draft: CallDraft) -> tuple[str, ...]:
    return words.ASK_HOUR if draft.day else words.ASK_TIME


def _note_of(scene: CallScene) -> str:
    past, draft = scene.past, scene.draft
    wrong = words.WRONG_TIME if draft.time is None else words.NO_PHONE_THERE
    said = {
        CallNote.NO_FIT: words.NO_FIT,
        CallNote.OTHERS: words.OTHER_TIMES,
        CallNote.WRONG: wrong,
        CallNote.BAD_PHONE: words.WRONG_PHONE,
        CallNote.BACK: words.BACK,
    }.get(draft.note)
    return say(past, said) if said else ""


def tell_ending(scene: CallScene) -> BotMessage | None:
    """How it ended; None where nothing is left to say."""
    past, draft = scene.past, scene.draft
    match draft.ending:
        case CallEnding.CANCELLED:
            return BotMessage(text=say(past, words.CANCELLED))
        case CallEnding.PERSON:
            handed = hand_over(past, "asked", past.written)
            known = CallAppointment(phone=draft.phone) if draft.phone else None
            return replace(handed, call=known)
        case CallEnding.LEFT:
            return None
    if draft.time is None or draft.phone is None:
        return None
    agreed = say(past, words.AGREED).format(window=scene.plan.say(draft.time), phone=draft.phone)
    span = CallAppointment(phone=draft.phone, start=draft.time.start, end=draft.time.end)
    return BotMessage(text=agreed, call=span)
