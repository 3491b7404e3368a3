"""When customers take words back or change them, what was made of those words follows.

That is: the questions that were counted, reasons and summaries of requests for a person, the sentence with which one is
passed on, signs of a mood, lines of the bot that quote, and what the bot remembers.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from knowledge.normalization import words
from store.models import (
    AskedQuestion,
    Conversation,
    DeliveryStatus,
    Handoff,
    MailDelivery,
    MailKind,
    Message,
    MessageFacts,
    MessageKind,
    StoredTranslation,
    SummaryRecord,
    Turn,
)
from store.triggers import Trigger

#: Before the id of a conversation that the bot is to forget, in `meta`; its retention does it.
TO_FORGET = "forget:"
_FORGET_ONCE = text("INSERT INTO meta (key, value) VALUES (:key, 'bot') ON CONFLICT (key) DO NOTHING")
#: What stands where words were taken back.
GONE = "…"
#: A whole line as short as this is no quotation: "ja" stands everywhere.
_MIN_QUOTED = 8
_QUOTATION = re.compile(r"[“„«»\"‚‘]([^“”„«»\"‘’]{2,})[”“»«\"’‘]")
#: Tells of somebody by itself: an address, an order's or a telephone number.
_TELLING = re.compile(r"\S*@\S+|\S*\d(?:[\s/-]?\d){3,}\S*")


@dataclass(frozen=True, slots=True)
class LostWords:
    """Words of line `seq` that no longer stand: `before` is what stood there, `after` what does now."""

    seq: int
    before: str
    after: str = ""

    def take_from(self, text: str) -> str:
        """`text` without them: what it quotes of them, and numbers and addresses that only they held."""
        for telling in self._telling():
            text = text.replace(telling, GONE)
        return _QUOTATION.sub(self._without, text)

    def _telling(self) -> Iterable[str]:
        before = self.before.strip()
        if len(before) >= _MIN_QUOTED and before not in self.after:
            yield before
        for found in _TELLING.findall(self.before):
            telling = found.strip(".,;:!?()")
            if telling and telling not in self.after:
                yield telling

    def _without(self, found: re.Match[str]) -> str:
        quoted, before, after = words(found[1]), words(self.before), words(self.after)
        if not quoted or not _runs_in(quoted, before) or _runs_in(quoted, after):
            return found[0]
        return found[0].replace(found[1], GONE)


async def forget_copies(session: AsyncSession, conversation: Conversation, lost: LostWords) -> None:
    """Take lost words out of everything that was made of them, but for a live summary, which is told anew."""
    await _forget_questions(session, conversation, lost)
    await forget_answer_copies(session, conversation, lost)
    await have_bot_forget(session, [conversation.id])


async def forget_answer_copies(session: AsyncSession, conversation: Conversation, lost: LostWords) -> None:
    """Take an agent's words out of what was made of them. What the contact asked and told the bot stays."""
    # All of the conversation: which of them is of the lost words is not known, and this is rare.
    await session.execute(delete(StoredTranslation).where(StoredTranslation.conversation_id == conversation.id))
    for handoff in await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.id)):
        _clean_handoff(handoff, lost)
    for mail in await session.scalars(select(MailDelivery).where(_is_made_of_the_log(conversation.id))):
        mail.content = None  # it is composed anew
    lines = select(Message).where(Message.conversation_id == conversation.id, Message.seq != lost.seq)
    for line in await session.scalars(lines):
        _clean_line(line, lost)


def _is_made_of_the_log(conversation_id: str) -> ColumnElement[bool]:
    """The mails that quote the log and wait for another try; of one that may have gone out nothing is changed."""
    return and_(
        MailDelivery.conversation_id == conversation_id,
        MailDelivery.kind.in_((MailKind.TRANSCRIPT, MailKind.UNSEEN)),
        MailDelivery.status == DeliveryStatus.PENDING,
        MailDelivery.doubts == 0,
    )


async def _forget_questions(session: AsyncSession, conversation: Conversation, lost: LostWords) -> None:
    of_its_turn = select(Turn.id).where(
        Turn.conversation_id == conversation.id, Turn.first_seq <= lost.seq, Turn.last_seq >= lost.seq
    )
    asked = delete(AskedQuestion).where(
        AskedQuestion.conversation_id == conversation.id,
        AskedQuestion.turn_id.in_(of_its_turn) | (AskedQuestion.seq == lost.seq),
    )
    await session.execute(asked)


def _clean_handoff(handoff: Handoff, lost: LostWords) -> None:
    """One that has ended loses the lines that rest on the words; a live one's summary is told anew by the caller."""
    handoff.triggers = _clean_triggers(handoff.triggers, lost.seq)
    decided = handoff.decision
    sentence = {language: lost.take_from(text) for language, text in decided.sentence.items()}
    handoff.decision = replace(decided, triggers=_clean_triggers(decided.triggers, lost.seq), sentence=sentence)
    if handoff.corrected_seq == lost.seq:
        handoff.correction, handoff.corrected_seq = (lost.after, lost.seq) if lost.after else (None, None)
    if handoff.ended_at is not None:
        handoff.wording = ""
        handoff.summary = _clean_summary(handoff.summary, lost)


def _clean_summary(summary: SummaryRecord, lost: LostWords) -> SummaryRecord:
    kept = tuple(replace(line, text=lost.take_from(line.text)) for line in summary.lines if lost.seq not in line.turns)
    return summary if kept == summary.lines else replace(summary, lines=kept, reworded=None)


def _clean_triggers(triggers: Sequence[Trigger], seq: int) -> tuple[Trigger, ...]:
    return tuple(replace(each, text="") if seq in each.turns else each for each in triggers)


def _clean_line(line: Message, lost: LostWords) -> None:
    """A line of the machine's that quotes, also one that was withheld; and a mood's signs that another line keeps."""
    facts = _clean_facts(line.facts, lost)
    if facts != line.facts:
        line.facts = facts
    is_said = line.kind in (MessageKind.OUTGOING, MessageKind.NOTE)
    if is_said and line.author in (Author.BOT, Author.SYSTEM) and line.seq > lost.seq:
        text = lost.take_from(line.text)
        if text != line.text:
            line.text = text
            line.facts = replace(line.facts, lead=None, short=None)  # they count characters of the old text


def _clean_facts(facts: MessageFacts, lost: LostWords) -> MessageFacts:
    mood, activity = facts.mood, facts.activity
    if mood is not None and any(sign.seq == lost.seq for sign in mood.shown_by):
        mood = replace(mood, shown_by=tuple(sign for sign in mood.shown_by if sign.seq != lost.seq))
    if activity is not None and activity.triggers:
        activity = replace(activity, triggers=_clean_triggers(activity.triggers, lost.seq))
    return replace(facts, mood=mood, activity=activity)


def _runs_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether words stand in others, one after another."""
    part, whole = list(part), list(whole)
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


async def have_bot_forget(session: AsyncSession, conversation_ids: Collection[str]) -> None:
    """Note that the bot is to forget these conversations, also where somebody has noted it a moment ago."""
    if conversation_ids:
        await session.execute(_FORGET_ONCE, [{"key": f"{TO_FORGET}{each}"} for each in conversation_ids])
