"""What a decision of the rules makes of the bot's reply: nothing, an offer, a limit, or the way to a person. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from actions import acknowledgements
from actions.words import choose, voice_of
from bot_protocol import BotMessage, Choice
from connectors.contract import ASK_PERSON
from helpdesk.conversations.bot_reply import BotReply, HandoffRequest
from helpdesk.handoff.mood import Mood, shows_feeling
from helpdesk.handoff.rules import Act, Decision
from helpdesk.handoff.rules.topics import BEREAVEMENT, INJURY, SELF_HARM
from helpdesk.rule_admin.explanation import explain_decision
from helpdesk.texts import Say, say
from helpdesk.turns.handoff_check import Assessment
from i18n import available_languages
from store.models import DecisionRecord, MoodRecord, MoodSignRecord
from store.triggers import Trigger, TriggerKind

ANNOYED = frozenset({TriggerKind.FRUSTRATION, TriggerKind.REPETITION, TriggerKind.NOT_HELPFUL, TriggerKind.COMPLAINT})
FELT = frozenset({TriggerKind.FRUSTRATION, TriggerKind.COMPLAINT})
"""Reasons that take no answer away."""
URGENCY: dict[TriggerKind, int] = {  # 0 where nothing is said; 2 when there is danger
    TriggerKind.SENSITIVE: 1,
    TriggerKind.FRUSTRATION: 1,
    TriggerKind.IMPORTANT: 1,
    TriggerKind.REPETITION: 1,
}
FIRST = {SELF_HARM: Say.CARE, INJURY: Say.SAFETY, BEREAVEMENT: Say.CONDOLENCE}
DANGER = frozenset({SELF_HARM, INJURY})
"""Sensitive topics where somebody may come to harm."""


def apply_decision(
    reply: BotReply, judged: Assessment, *, text: str, seqs: tuple[int, ...], language: str, formality: str
) -> BotReply:
    """The reply as the customer gets it. `text` and `seqs` are what it answers."""
    decision = judged.decision
    language, formality = reply.language or language, reply.formality or formality
    reply = replace(reply, act=str(decision.act), felt=stored_moods(judged.moods, seqs))
    if reply.is_call_agreed:
        return reply  # a person will call, whatever the rules want one for
    if decision.act is Act.HAND_OVER:
        return _handed_over(reply, judged, text, seqs, language, formality)
    if reply.handoff is not None:  # the bot has said so already: what was said is done
        return replace(reply, request=handoff_request(decision, (*_wish_of(reply, seqs), *decision.triggers)))
    if decision.act is Act.LIMIT:
        return _limited(reply, language, formality)
    if decision.act is Act.OFFER:
        return _offered(reply, language, formality)
    return reply


def stored_moods(moods: Sequence[Mood], seqs: tuple[int, ...]) -> dict[int, MoodRecord]:
    """The moods of a turn's lines as they are stored with them."""
    return {
        mood.seq: MoodRecord(
            frustration=round(mood.frustration, 3),
            abuse=round(mood.abuse, 3),
            shown_by=tuple(MoodSignRecord(str(sign.kind), sign.seq, sign.text) for sign in mood.shown_by),
        )
        for mood in moods
        if mood.seq in seqs
    }


def handoff_request(decision: Decision, triggers: tuple[Trigger, ...]) -> HandoffRequest:
    """The request for a person that follows from a decision, with its reasons in words for the desk."""
    in_danger = decision.signals.get(str(TriggerKind.SENSITIVE), {}).get("topic") in DANGER
    urgency = 2 if in_danger else max((URGENCY.get(trigger.kind, 0) for trigger in triggers), default=0)
    sentences = {language: explain_decision(decision, language) for language in available_languages("staff")}
    return HandoffRequest(
        triggers=_each_once(triggers),
        decision=DecisionRecord(
            act=str(decision.act),
            triggers=decision.triggers,
            round=decision.round,
            prefer=decision.prefer,
            first=decision.first,
            signals=decision.signals,
            sentence=sentences,
        ),
        urgency=urgency,
        prefer=decision.prefer,
        round=decision.round,
    )


def _each_once(triggers: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """The first of each kind is the one with the evidence of the rules, or of the bot where they have none."""
    best: dict[TriggerKind, Trigger] = {}
    for trigger in triggers:
        known = best.get(trigger.kind)
        if known is None or len(trigger.text) > len(known.text):
            best[trigger.kind] = trigger
    return tuple(best.values())


def _handed_over(
    reply: BotReply, judged: Assessment, text: str, seqs: tuple[int, ...], language: str, formality: str
) -> BotReply:
    decision = judged.decision
    triggers = (*decision.triggers, *_wish_of(reply, seqs))
    request = handoff_request(decision, triggers)
    if reply.degraded and reply.handoff is not None and decision.first not in FIRST:  # its own words say what is stuck
        return replace(reply, request=request)
    before, then = _words_for(judged, text, seqs, language, formality)
    answers = _new_answers(reply, judged) if {trigger.kind for trigger in triggers} <= FELT else ()
    if not answers:
        return replace(reply, texts=(BotMessage(text=_together(before, then, decision.first)),), request=request)
    shown = acknowledgements.was_shown(each.text for each in answers)
    first = (BotMessage(text=before),) if before and not shown else ()
    return replace(reply, texts=(*first, *answers, BotMessage(text=then)), request=request)


def _new_answers(reply: BotReply, judged: Assessment) -> tuple[BotMessage, ...]:
    """The answers that the contact has not read yet: a feeling is no reason to keep them back."""
    said = "\n".join(judged.spoken)
    new = (each for each in reply.texts if each.article and each.text.rpartition("\n\n")[2] not in said)
    return tuple(replace(each, choices=()) for each in new)


def _together(before: str, then: str, first: str | None) -> str:
    return f"{before} {then}".strip() if first not in FIRST else f"{before}\n\n{then}"


def _wish_of(reply: BotReply, seqs: tuple[int, ...]) -> tuple[Trigger, ...]:
    """The bot's own reason for a person, if it has one."""
    wish = reply.handoff
    return (Trigger(kind=TriggerKind(wish.kind), turns=seqs, text=wish.text),) if wish else ()


def _words_for(judged: Assessment, text: str, seqs: tuple[int, ...], language: str, formality: str) -> tuple[str, str]:
    """What matters to the person first (may be empty), then that somebody takes over."""
    decision = judged.decision
    kinds = {trigger.kind for trigger in decision.triggers}
    felt = acknowledgements.shows_feeling(text) or any(shows_feeling(mood) for mood in judged.moods if mood.seq in seqs)
    before = ""
    if decision.first in FIRST:
        before = say(FIRST[decision.first], language, formality)
    elif kinds & ANNOYED and (TriggerKind.ASKED not in kinds or felt):  # a polite wish is no outburst
        wordings = acknowledgements.acknowledgement_of(text, felt=felt)
        before = choose(wordings, voice_of(language, formality), judged.spoken)
    plain = kinds & (ANNOYED | {TriggerKind.ASKED, TriggerKind.ABUSE})
    then = say(Say.HANDING_OVER if plain else Say.HANDING_OVER_CALMLY, language, formality)
    return before, then


def _limited(reply: BotReply, language: str, formality: str) -> BotReply:
    """The limit first; an answer, if there is one, all the same: the problem is still one."""
    limit = BotMessage(
        text=say(Say.LIMIT, language, formality), choices=() if _answers(reply) else _person(language, formality)
    )
    return replace(reply, texts=(limit, *(text for text in reply.texts if text.article)))


def _offered(reply: BotReply, language: str, formality: str) -> BotReply:
    """A person on offer, once in a reply: where a button for one is there already, that is the offer."""
    if any(choice.payload == ASK_PERSON for text in reply.texts for choice in text.choices):
        return reply
    offer = BotMessage(text=say(Say.OFFER_PERSON, language, formality), choices=_person(language, formality))
    return replace(reply, texts=(*reply.texts, offer))


def _answers(reply: BotReply) -> bool:
    return any(text.article for text in reply.texts)


def _person(language: str, formality: str) -> tuple[Choice, ...]:
    return (Choice(title=say(Say.PERSON, language, formality), payload=ASK_PERSON),)
