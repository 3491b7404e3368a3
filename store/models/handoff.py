"""Passing the baton: requests for a person, the teams that take them, what was promised, and the rules in force."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.facts import RewordingSwitches, WeekTimes
from store.models.handoff_facts import DecisionRecord, SummaryRecord, WaitNoticeRecord
from store.models.json_value import JsonDocument
from store.models.states import ExpectedInput, PromiseKind
from store.triggers import Trigger

_LIVE_HANDOFF = text("ended_at IS NULL")


class Handoff(Base):
    """One request for a person: why, with evidence; asked, accepted and ended when and by whom; the story so far.

    `decision` is how the rules came to it. `topic` is the category it is about, `round` counts the requests on the
    same matter. `offered_to` has until `offered_until` to accept; `offered_because` are the reasons (`Why`) of the last
    offer; `declined_by` have said no or let it pass; `queued_at` is when it last came back to the queue. `wording` is
    the sentence the contact was told it would be passed on with, `correction` what the contact put in its place (line
    `corrected_seq`). `awaits` is what the contact's next line is expected to be; `told` what was last said about the
    wait.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_live",
            "conversation_id",
            unique=True,
            sqlite_where=_LIVE_HANDOFF,
            postgresql_where=_LIVE_HANDOFF,
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    triggers: Mapped[tuple[Trigger, ...]] = mapped_column(default=())
    decision: Mapped[DecisionRecord] = mapped_column(default=DecisionRecord())
    summary: Mapped[SummaryRecord] = mapped_column(default=SummaryRecord())
    team_id: Mapped[str | None] = mapped_column(String(32), index=True)
    topic: Mapped[str | None] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(8), default="de")
    urgency: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)
    preferred_agent: Mapped[str | None] = mapped_column(String(32))
    offered_to: Mapped[str | None] = mapped_column(String(32), index=True)
    offered_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    offered_because: Mapped[tuple[str, ...]] = mapped_column(default=())
    declined_by: Mapped[tuple[str, ...]] = mapped_column(default=())
    queued_at: Mapped[datetime | None]
    wording: Mapped[str] = mapped_column(Text, default="")
    correction: Mapped[str | None] = mapped_column(Text)
    corrected_seq: Mapped[int | None]
    awaits: Mapped[ExpectedInput] = mapped_column(default=ExpectedInput.NOTHING)
    told: Mapped[WaitNoticeRecord] = mapped_column(default=WaitNoticeRecord())
    asked_seq: Mapped[int] = mapped_column(default=0)
    ended_seq: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    helped: Mapped[bool | None]


class Team(Base):
    """Agents who share topics and business hours.

    `topics` are the categories it takes, none meaning all that no other team takes. `hours` are the open times of each
    weekday, `{"mon": [["09:00", "17:00"]], …}`, in `time_zone`; none means always. On public holidays of `region` (a
    German state such as "BY", empty: none) and on the dates of `closed_on` ("2026-12-24") it is closed. Only members
    and admins read what a `private` one has. `version` rises with every change, so that two admins don't overwrite
    each other.
    """

    __tablename__ = "teams"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    topics: Mapped[tuple[str, ...]] = mapped_column(default=())
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Berlin")
    region: Mapped[str] = mapped_column(String(8), default="")
    hours: Mapped[WeekTimes] = mapped_column(default=dict)
    closed_on: Mapped[tuple[str, ...]] = mapped_column(default=())
    active: Mapped[bool] = mapped_column(default=True)
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)


class TeamMember(Base):
    """Who is in which team. An agent without a team works for all of them."""

    __tablename__ = "team_members"
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)


class Promise(Base):
    """What was promised to a contact: by whom (`agent_id`, none: Staffel itself), what, and until when.

    It ends kept or withdrawn. `broken_at` stays on record when it is made good late. `shown`: the contact may see it;
    `seq` is the line of the log that says so.
    """

    __tablename__ = "promises"
    __table_args__ = (Index("ix_promises_due", "due_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[PromiseKind]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    reminded_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class RuleSet(Base):
    """The rules of the handoff as an admin saved them. The newest is in force; without any, the built-in ones are.

    `rules` are read by `read_rules` and written by `Rules.as_json`.
    """

    __tablename__ = "rule_sets"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    rules: Mapped[JsonDocument]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    saved_at: Mapped[datetime] = mapped_column(default=now)


class Endpoint(Base):
    """A service outside that may be asked for something, with its encrypted key, once an admin has switched it on."""

    __tablename__ = "endpoints"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    model: Mapped[str] = mapped_column(String(200), default="")
    secrets: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[RewordingSwitches] = mapped_column(default=RewordingSwitches())
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)
