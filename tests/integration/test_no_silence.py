"""No state is a dead end: whatever a contact does, in whatever state, hypothesis finds no silence and nothing twice."""

import asyncio
import secrets
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Select, func, select, update

from connectors.contract import (
    ASK_HELP,
    ASK_PERSON,
    START,
    Address,
    Attachment,
    AttachmentKind,
    Author,
    Channel,
    InboundEdit,
    InboundMessage,
    InboundReceipt,
    Tap,
    Withdrawal,
)
from helpdesk.app import AppComponents
from helpdesk.conversations import turn_opening
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.conversations.waiting.handoff_requests import CANCEL_HANDOFF
from helpdesk.texts import Say, say
from knowledge.normalization import same_words
from store.errors import HelpdeskError
from store.models import Agent, Contact, Conversation, Handoff, Message, Promise, Turn, TurnStatus, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.harness import eventually, hire, log_of, run_helpdesk, settings_for

TEXTS = (
    "Wo ist mein Paket?",
    "hallo",
    "Hallo??",
    "danke",
    "ok",
    "?",
    "…",
    "😡",
    "👍",
    "4711",
    "ida@example.org",
    "ida@",
    "030 1234567",
    "12",
    "morgen um zehn",
    "nein",
    "Nein, es geht um Paket 4712",
    "Nicht wirklich",
    "ja",
    "wie lange dauert das noch?",
    "wann meldet ihr euch?",
    "ich will einen Menschen",
    "hat sich erledigt",
    "bist du ein Bot?",
    "ich will nicht mehr leben",
    "Der Tisch wackelt. Außerdem fehlt eine Schraube, und die Rechnung stimmt nicht.",
    "I would like to know where my parcel is",
    "où est mon colis",
    "/start",
    "/cancel_handoff",
    "ab" * 700,
)
PAYLOADS = (
    ASK_PERSON,
    ASK_HELP,
    START,
    "/choose_language",
    "/speak_en",
    "/speak_de",
    "/connect_channels",
    "/forget_me_not",
)
KINDS = (AttachmentKind.PHOTO, AttachmentKind.VOICE, AttachmentKind.STICKER, AttachmentKind.LOCATION)
MAX_WORDS = 3  # lines that one act of the contact is met with at most: an answer, an offer, what comes next

texts = st.sampled_from(TEXTS)
some = st.integers(0, 1_000)  # which of however many there are


def answer(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """A bot that answers, offers buttons, and passes on to a person who asks for one."""
    said = turn["text"] or turn["payload"]
    if "Mensch" in said:
        return [{"text": "Gern.", "custom": {"handoff": {"kind": "asked", "text": said}}}]
    titles = (("Ja", "/feedback_helpful"), ("Nein", "/feedback_not_helpful"), ("Mensch", ASK_PERSON))
    choices = [{"title": title, "payload": payload} for title, payload in titles]
    return [{"text": f"Antwort auf: {said}", "choices": choices}]


class SilenceModel(RuleBasedStateMachine):
    """One contact on one channel, an agent and time: each act is checked for what the contact reads after it."""

    loop: asyncio.AbstractEventLoop
    parts: AppComponents
    mia: str
    address: Address
    id: str
    written: list[InboundMessage]

    def do[T](self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    # By mail one answer says who answers, and by when; what is added is stored without a word (docs/email.md).
    @initialize(channel=st.sampled_from([each for each in Channel if each.is_live]), on_duty=st.booleans())
    def begin(self, channel: Channel, on_duty: bool) -> None:
        self.address = Address(channel=channel, account="bot", chat_id=secrets.token_hex(6))
        self.written = []
        self.set_duty(on_duty)
        self.id = ""
        self.writes("Mein Tisch wackelt, was nun?")

    # --- what the contact does

    @rule(text=texts)
    def writes(self, text: str) -> None:
        self._acts(self._message(text))

    @rule(payload=st.sampled_from(PAYLOADS))
    def commands(self, payload: str) -> None:
        self._acts(replace(self._message(payload), payload=payload))

    @rule(link=st.sampled_from(("campaign7", "staffel-" + "x" * 32)))
    def follows(self, link: str) -> None:
        self._acts(replace(self._message(f"/start {link}"), payload=START, link=link))

    @rule(which=some)
    def presses(self, which: int) -> None:
        """Any button that was ever offered: an old one, the newest, one that was pressed before."""
        offered = [(line.seq, at) for line in self._log() for at in range(len(line.choices))]
        if offered:
            seq, choice = offered[-1 - which % len(offered)]
            self._acts(replace(self._message(""), tap=Tap(seq=seq, choice=choice)))

    @rule(count=st.integers(1, 3), caption=st.sampled_from(("", "", "Ist das ein Riss?")), kind=st.sampled_from(KINDS))
    def sends_files(self, count: int, caption: str, kind: AttachmentKind) -> None:
        """One file or an album, which is one act."""
        album = secrets.token_hex(4) if count > 1 else None
        file = Attachment(kind=kind, external_id=secrets.token_hex(4))
        captions = [caption, *[""] * (count - 1)]
        self._acts(*(replace(self._message(text), attachments=(file,), album=album) for text in captions))

    @precondition(lambda self: self.written)
    @rule(which=some, text=texts)
    def edits(self, which: int, text: str) -> None:
        message = self.written[-1 - which % len(self.written)]
        line = self._line_of(message)
        before, status, last = line.text, self._conversation().status, self._conversation().last_seq
        edit = InboundEdit(message=replace(message, text=text), edit_id=secrets.token_hex(4))
        self.do(self.parts.inbox.edit(edit))
        self._wait()
        is_new = same_words(before) != same_words(text) or (before != text and not same_words(text))
        if line.facts.withdrawn or line.payload or not is_new:
            return
        self._check(status, self._read_after(last), seq=last, is_edit=True)

    @precondition(lambda self: self.written)
    @rule(which=some)
    def deletes(self, which: int) -> None:
        message = self.written[-1 - which % len(self.written)]
        self.do(self.parts.inbox.withdraw(Withdrawal(address=message.address, external_id=message.external_id)))
        self._wait()

    # --- what agents and time do

    @rule(on=st.booleans())
    def set_duty(self, on: bool) -> None:
        async def change() -> None:
            async with self.parts.db.write() as session:
                seen = now() + timedelta(hours=1) if on else now() - timedelta(days=1)
                await session.execute(update(Agent).values(availability="online" if on else "offline"))
                await session.execute(
                    update(Agent).where(Agent.id == self.mia).values(last_seen_at=seen if on else None)
                )

        self.do(change())

    @rule()
    def accepts(self) -> None:
        self._tries(drive(self.parts.conversations).accept(self.id, self.mia))

    @precondition(lambda self: self._is(Status.ASSIGNED))
    @rule()
    def answers(self) -> None:
        epoch = self._conversation().epoch
        self._tries(
            drive(self.parts.conversations).answer(self.id, self.mia, epoch, "Ich sehe nach.", secrets.token_hex(4))
        )

    @precondition(lambda self: self._is(Status.ASSIGNED))
    @rule(shown=st.booleans())
    def promises(self, shown: bool) -> None:
        wanted = NewPromise(text="Ersatz schicken", due_at=now() + timedelta(hours=2), shown=shown)
        self._tries(PromiseDriver(self.parts.conversations).make(self.id, self.mia, wanted))

    @precondition(lambda self: self._is(Status.ASSIGNED))
    @rule(how=st.sampled_from(("return", "queue", "resolve")))
    def gives_away(self, how: str) -> None:
        told = self._conversation().last_seq
        if self._tries(self._give_away(how)):
            assert self._read_after(told), f"nothing was said when the agent chose {how}"

    async def _give_away(self, how: str) -> None:
        house = drive(self.parts.conversations)
        if how == "queue":
            await house.transfer(self.id, self.mia, None)
        elif how == "return":
            await house.return_to_bot(self.id, self.mia)
        else:
            await house.resolve(self.id, self.mia)

    @rule()
    def time_passes(self) -> None:
        """Eleven minutes and every promise's time: the watchdog speaks where somebody has waited too long."""

        async def pass_time() -> None:
            async with self.parts.db.write() as session:
                early = now() - timedelta(minutes=11)
                await session.execute(
                    update(Message)
                    .where(Message.conversation_id == self.id, Message.created_at > early)
                    .values(created_at=early)
                )
                await session.execute(
                    update(Promise)
                    .where(Promise.conversation_id == self.id)
                    .values(due_at=now() - timedelta(seconds=1))
                )
            await self.parts.watchdog.look()

        self.do(pass_time())
        self._wait()
        if self._is(Status.ASSIGNED) and (waiting := self._unanswered()):
            assert any(line.seq > waiting[-1].seq or line.event == "reading_told" for line in self._read_after(0))

    def bring_to(self, status: Status) -> None:
        """Let agents and time see to it that the conversation is in this state."""

        async def change() -> None:
            house = drive(self.parts.conversations)
            async with self.parts.conversations.open(self.id) as c:
                if c.conversation.status == Status.RESOLVED:
                    await c.pass_baton(Event.CONTACT_WRITES, shown=False)
            if status == Status.QUEUED:
                if c.conversation.status == Status.ASSIGNED:
                    await self._give_away("return")
                await house.request_handoff(self.id, [Trigger(kind=TriggerKind.ASKED, turns=())])
            elif status in {Status.ASSIGNED, Status.RESOLVED}:
                epoch = (await house.accept(self.id, self.mia)).epoch
                if status == Status.RESOLVED:
                    await house.answer(self.id, self.mia, epoch, "Es kommt morgen.", secrets.token_hex(4))
                    await house.resolve(self.id, self.mia)
            elif c.conversation.status == Status.QUEUED:
                await house.expire(self.id, timedelta(0))
            elif c.conversation.status == Status.ASSIGNED:
                await self._give_away("return")

        if not self._is(status):
            self.do(change())
            self._wait()

    # --- what has to hold

    @invariant()
    def whoever_waits_is_owed_an_answer_and_can_leave(self) -> None:
        if not getattr(self, "id", "") or not self._is(Status.QUEUED):
            return

        async def look() -> tuple[int, int]:
            async with self.parts.db.read() as session:
                live = select(func.count()).where(Handoff.conversation_id == self.id, Handoff.ended_at.is_(None))
                owed = select(func.count()).where(
                    Promise.conversation_id == self.id, Promise.kept_at.is_(None), Promise.withdrawn_at.is_(None)
                )
                return await session.scalar(live) or 0, await session.scalar(owed) or 0

        live, owed = self.do(look())
        assert live == 1
        assert owed >= 1
        said = [line for line in self._read_after(0) if line.kind == "outgoing"]
        assert any(choice.payload == CANCEL_HANDOFF for choice in said[-1].choices), said[-1].text

    def _acts(self, *act: InboundMessage) -> None:
        """One act of the contact, of one message or several; a refusal is told by the channel at once."""
        status = self._conversation().status if self.id else Status.BOT
        received: list[InboundReceipt] = []
        for message in act:
            try:
                received.append(self.do(self.parts.inbox.receive(message)))
            except HelpdeskError:  # the channel tells it: a button that was pressed before, an empty message
                return
            self.written.append(message)
        self.id = received[0].conversation_id
        self._wait()
        self._check(status, self._read_after(received[0].seq), seq=received[0].seq)

    def _check(self, status: Status, read: list[Message], *, seq: int, is_edit: bool = False) -> None:
        """What the contact reads after an act in this status: something, not twice, and true."""
        line = next((each for each in self._log() if each.seq == seq), None)
        if status == Status.ASSIGNED:
            assert not [each for each in read if each.author == Author.BOT], "the bot spoke beside an agent"
            assert is_edit or read or line is None or self._is_unread(line)
            return
        assert read, f"silence in {status} on {line.text if line else ''!r}"
        words = [each.text for each in read]
        assert len(words) <= MAX_WORDS, words
        assert len(set(words)) == len(words), words
        assert len({each.turn_id for each in read if each.turn_id}) <= 1, words
        self._check_promises(words)

    def _check_promises(self, words: list[str]) -> None:
        """What was said to happen has happened."""
        conversation = self._conversation()
        told = {
            what: any(say(what, language, "sie") in text for text in words for language in ("de", "en", "fr"))
            for what in (Say.THANKS_BAD, Say.ADDED, Say.ADDED_TOO, Say.CHANGED, Say.MOVED_UP, Say.STILL_WAITING)
        }
        if any(told.values()):
            assert conversation.status == Status.QUEUED, words
        if told[Say.MOVED_UP]:
            assert self._handoff().urgency == 2
        if any("ida@example.org" in text for text in words):
            assert self._contact().email == "ida@example.org" or "Antwort auf" in words[-1]

    def _is_unread(self, line: Message) -> bool:
        conversation = self._conversation()
        return conversation.answered_seq < line.seq and not line.is_settled

    def _message(self, text: str) -> InboundMessage:
        chat, id_ = self.address.chat_id, secrets.token_hex(6)
        return InboundMessage(address=self.address, contact_id=chat, external_id=f"{chat}:{id_}", text=text)

    def _is(self, status: Status) -> bool:
        return self._conversation().status == status

    def _tries(self, work: Awaitable[Any]) -> bool:
        try:
            self.do(work)
        except HelpdeskError:
            return False
        finally:
            self._wait()
        return True

    def _wait(self) -> None:
        """Until nothing is being worked on."""

        async def is_quiet() -> bool:
            async with self.parts.db.read() as session:
                busy = select(Turn.id).where(Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING]))
                return await session.scalar(busy.limit(1)) is None

        self.do(eventually(is_quiet, "all turns to end"))

    def _log(self) -> list[Message]:
        return self.do(log_of(self.parts, self.id))

    def _read_after(self, seq: int) -> list[Message]:
        """The lines that the contact reads, but their own and agents'."""
        return [line for line in self._log() if line.seq > seq and _is_read(line)]

    def _line_of(self, message: InboundMessage) -> Message:
        return next(line for line in self._log() if line.external_id == message.external_id)

    def _unanswered(self) -> list[Message]:
        answered = self._conversation().answered_seq
        mine = [line for line in self._log() if line.author == Author.CONTACT and line.seq > answered]
        return [line for line in mine if line.text and not line.is_settled]

    def _conversation(self) -> Conversation:
        return self.do(self._one(select(Conversation).where(Conversation.id == self.id)))

    def _contact(self) -> Contact:
        return self.do(self._one(select(Contact).where(Contact.id == self._conversation().contact_id)))

    def _handoff(self) -> Handoff:
        live = select(Handoff).where(Handoff.conversation_id == self.id, Handoff.ended_at.is_(None))
        return self.do(self._one(live))

    async def _one[T](self, query: Select[T]) -> T:
        async with self.parts.db.read() as session:
            return (await session.scalars(query)).one()


def _is_read(line: Message) -> bool:
    activity = line.facts.activity
    is_shown = activity.shown if activity else line.kind == "outgoing"
    return is_shown and line.author in {Author.BOT, Author.SYSTEM}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for further pieces of a message; that is tried in `test_acts.py`."""
    monkeypatch.setattr(turn_opening, "settle_time", lambda text, **_: timedelta(milliseconds=0 if text else 60))


@contextmanager
def house(home: Path, url: str) -> Iterator[None]:
    """Helpdesk at work in a loop of its own, for the model."""
    loop = asyncio.new_event_loop()
    helpdesk = run_helpdesk(settings_for(home, url), FakeBot(answer))
    try:
        SilenceModel.loop, SilenceModel.parts = loop, loop.run_until_complete(helpdesk.__aenter__())
        for channel in (Channel.TELEGRAM, Channel.SLACK):
            SilenceModel.parts.connectors[channel] = FakeChannel(channel=channel)
        SilenceModel.mia = loop.run_until_complete(hire(SilenceModel.parts, "Mia"))
        yield
    finally:
        loop.run_until_complete(helpdesk.__aexit__(None, None, None))
        loop.close()


def explore(home: Path, url: str, *, examples: int, steps: int) -> None:
    """Let hypothesis look for an act that is met with silence."""
    with house(home, url):
        run_state_machine_as_test(
            SilenceModel,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", Status)
def test_every_text_is_met_in_every_state(tmp_path: Path, sqlite_url: str, status: Status) -> None:
    """What hypothesis comes by seldom, once and for certain."""
    with house(tmp_path, sqlite_url):
        model = SilenceModel()
        model.begin(channel=Channel.TELEGRAM, on_duty=True)
        for text in TEXTS:
            model.bring_to(status)
            model.writes(text=text)
            model.whoever_waits_is_owed_an_answer_and_can_leave()


@pytest.mark.usefixtures("at_once")
def test_no_act_of_a_contact_is_met_with_silence(tmp_path: Path, sqlite_url: str) -> None:
    explore(tmp_path, sqlite_url, examples=8, steps=20)


@pytest.mark.postgres
@pytest.mark.usefixtures("at_once")
def test_no_act_is_met_with_silence_on_postgresql_either(tmp_path: Path, postgres_url: str) -> None:
    explore(tmp_path, postgres_url, examples=3, steps=12)
