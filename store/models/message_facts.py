"""What a line of the log carries beside its words. Stored as one JSON object, without what is not set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from connectors.contract import Tap
from store.triggers import Trigger, read_triggers, write_triggers


class RelatedQuestion(NamedTuple):
    """An article that goes along with an answer, and its question in the contact's language. Stored as a pair."""

    article: str
    question: str


class MoodSignRecord(NamedTuple):
    """Words of line `seq` that show a mood; `kind` is a `SignKind`. Stored as `[kind, seq, text]`."""

    kind: str
    seq: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodRecord:
    """How a line of the contact reads: probabilities from 0 to 1, and the signs in the order of the dialogue."""

    frustration: float
    abuse: float
    shown_by: tuple[MoodSignRecord, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that is stored with the line."""
        return {"frustration": self.frustration, "abuse": self.abuse, "signs": [list(sign) for sign in self.shown_by]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        signs = (MoodSignRecord(str(kind), int(seq), str(text)) for kind, seq, text in stored.get("signs", ()))
        return cls(
            frustration=float(stored.get("frustration", 0)), abuse=float(stored.get("abuse", 0)), shown_by=tuple(signs)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMoodRecord(MoodRecord):
    """The mood of line `seq`."""

    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdit:
    """One change of a message: the channel's id of it, and the words that stood there before."""

    edit_id: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What an activity line of the log says that happened. The contact sees it if it is `shown`.

    `event` is an `Event` of the status table or a word of its own ("edited", "promised"). `of` is the line it is about,
    `triggers` are the reasons of a request for a person, `to` is the id of the agent it was passed to, `position` the
    contact's place in the queue. Of a promise it names its id (`promise`), `what` was promised and until when (`due`);
    `done` is what was done, or what the contact was told.
    """

    event: str
    shown: bool = True
    of: int | None = None
    triggers: tuple[Trigger, ...] = ()
    to: str | None = None
    position: int | None = None
    promise: str | None = None
    what: str | None = None
    due: datetime | None = None
    done: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that is stored with the line."""
        return {"event": self.event, "shown": self.shown} | _set_values(
            of=self.of,
            triggers=write_triggers(self.triggers) or None,
            to=self.to,
            position=self.position,
            promise=self.promise,
            what=self.what,
            due=self.due.isoformat() if self.due else None,
            done=self.done,
        )

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        due = stored.get("due")
        return cls(
            event=str(stored["event"]),
            shown=bool(stored.get("shown")),
            of=stored.get("of"),
            triggers=read_triggers(stored.get("triggers", ())),
            to=stored.get("to"),
            position=stored.get("position"),
            promise=stored.get("promise"),
            what=stored.get("what"),
            due=datetime.fromisoformat(due) if due else None,
            done=stored.get("done"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What is remembered with one line, by who wrote it.

    A line of the contact: `intent` is what the bot took it for, `answers` the slot that it was read as the value of,
    `outcome` and `confidence` what the search came to, `act` what the rules of the handoff did about it, `mood` how it
    reads, `helpful` what it says of the last answer. It was `settled` on the spot, without a turn; it is a `tap` on a
    button; it has been changed (`edits`, oldest first, none where it came changed) or `withdrawn`. `reopened`: its
    words have changed since it was answered, and it is to be answered again. `attached` are the kinds of what came
    along (`AttachmentKind`), `album` is the channel's id of what several messages belong to that were sent as one,
    `subject` is a mail's; `signed_in`: the web site vouched for who wrote it.

    A line of the bot: `lead` is how many characters stand before the fold, the last `short` of them its short answer,
    if there is one; `related` goes along with the answer; `awaits` is the slot that it asks for. It is
    the `greeting`; it came too late and was `withheld`; or it is no answer (`aside`: a `notice` of a
    disturbance, a `follow_up`). An activity line says what happened. A note is a `whisper` where a supervisor left it
    for the agent who had the conversation.
    disturbance, a `follow_up`). An activity line says what happened. `program` is the key by which a program did it in
    an agent's name.
    """

    intent: str | None = None
    answers: str | None = None
    outcome: str | None = None
    confidence: float | None = None
    act: str | None = None
    mood: MoodRecord | None = None
    helpful: bool | None = None
    settled: bool = False
    tap: Tap | None = None
    edits: tuple[MessageEdit, ...] | None = None
    withdrawn: bool = False
    reopened: bool = False
    attached: tuple[str, ...] = ()
    album: str | None = None
    subject: str | None = None
    signed_in: bool = False
    program: str | None = None
    lead: int | None = None
    short: int | None = None
    related: tuple[RelatedQuestion, ...] = ()
    awaits: str | None = None
    greeting: bool = False
    withheld: bool = False
    aside: str | None = None
    whisper: bool = False
    activity: Activity | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that is stored: what is not set is left out, an activity's keys stand among the others."""
        written = _set_values(
            intent=self.intent,
            answers=self.answers,
            outcome=self.outcome,
            confidence=self.confidence,
            act=self.act,
            mood=self.mood.as_json() if self.mood else None,
            helpful=self.helpful,
            settled=self.settled or None,
            tap=[self.tap.seq, self.tap.choice] if self.tap else None,
            edits=None if self.edits is None else [{"id": one.edit_id, "before": one.before} for one in self.edits],
            withdrawn=self.withdrawn or None,
            reopened=self.reopened or None,
            attached=list(self.attached) or None,
            album=self.album,
            subject=self.subject,
            signed_in=self.signed_in or None,
            program=self.program,
            lead=self.lead,
            short=self.short,
            related=[list(pair) for pair in self.related] or None,
            awaits=self.awaits,
            greeting=self.greeting or None,
            withheld=self.withheld or None,
            aside=self.aside,
            whisper=self.whisper or None,
        )
        return written | (self.activity.as_json() if self.activity else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made, in this version or an older one."""
        mood, tap = stored.get("mood"), stored.get("tap")
        return cls(
            intent=stored.get("intent"),
            answers=stored.get("answers"),
            outcome=stored.get("outcome"),
            confidence=stored.get("confidence"),
            act=stored.get("act"),
            mood=MoodRecord.from_json(mood) if mood else None,
            helpful=stored.get("helpful"),
            settled=bool(stored.get("settled")),
            tap=Tap(seq=tap[0], choice=tap[1]) if tap else None,
            edits=_edits(stored.get("edits")),
            withdrawn=bool(stored.get("withdrawn")),
            reopened=bool(stored.get("reopened")),
            attached=tuple(map(str, stored.get("attached", ()))),
            album=stored.get("album"),
            subject=stored.get("subject"),
            signed_in=bool(stored.get("signed_in")),
            program=stored.get("program"),
            lead=stored.get("lead"),
            short=stored.get("short"),
            related=tuple(RelatedQuestion(str(key), str(question)) for key, question in stored.get("related", ())),
            awaits=stored.get("awaits"),
            greeting=bool(stored.get("greeting")),
            withheld=bool(stored.get("withheld")),
            aside=stored.get("aside"),
            whisper=bool(stored.get("whisper")),
            activity=Activity.from_json(stored) if stored.get("event") else None,
        )


def _edits(stored: Sequence[Mapping[str, Any]] | None) -> tuple[MessageEdit, ...] | None:
    if stored is None:
        return None
    return tuple(MessageEdit(edit_id=str(one["id"]), before=str(one["before"])) for one in stored)


def _set_values(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
