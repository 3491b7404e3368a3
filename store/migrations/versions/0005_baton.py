"""Teams, offers, promises, rules of the handoff, and services outside

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AWAITED = sa.Enum("nothing", "correction", "email", "phone", "window", name="awaited", native_enum=False, length=16)
_PROMISE = sa.Enum("answer", "callback", "other", name="promisekind", native_enum=False, length=16)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, store.models.UtcDateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=length), nullable=nullable, server_default=default)


def _list(name: str, default: str = "[]") -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=default)


def _number(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def upgrade() -> None:
    """Forward."""
    _staff()
    _promises()
    _admin()
    _knowledge()
    _columns()


def _staff() -> None:
    op.create_table(
        "teams",
        _text("id", 32),
        _text("name", 200),
        sa.Column("topics", sa.JSON(), nullable=False),
        _text("time_zone", 64),
        _text("region", 8),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("closed_on", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("changed_by", 200),
        _time("changed_at"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "team_members",
        _text("team_id", 32),
        _text("agent_id", 32),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_team_members_agent_id")),
        sa.PrimaryKeyConstraint("team_id", "agent_id", name=op.f("pk_team_members")),
    )


def _promises() -> None:
    op.create_table(
        "promises",
        _text("id", 32),
        _text("conversation_id", 32),
        sa.Column("kind", _PROMISE, nullable=False),
        _text("agent_id", 32, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _time("due_at"),
        sa.Column("shown", sa.Boolean(), nullable=False),
        _time("created_at"),
        _time("reminded_at", nullable=True),
        _time("kept_at", nullable=True),
        _time("broken_at", nullable=True),
        _time("withdrawn_at", nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_promises_conversation_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_promises_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_due", "promises", ["due_at"])
    op.create_index(op.f("ix_promises_conversation_id"), "promises", ["conversation_id"])
    op.create_index(op.f("ix_promises_agent_id"), "promises", ["agent_id"])


def _admin() -> None:
    op.create_table(
        "rule_sets",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        _text("agent_id", 32, nullable=True),
        _time("saved_at"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_rule_sets_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_sets")),
    )
    op.create_table(
        "endpoints",
        _text("name", 32),
        _text("url", 500),
        _text("model", 200),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        _text("agent_id", 32, nullable=True),
        _time("changed_at"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_endpoints_agent_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_endpoints")),
    )


def _knowledge() -> None:
    op.create_table(
        "help_judgements",
        _text("article", 128),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article", "day", "helpful", name=op.f("pk_help_judgements")),
    )


def _columns() -> None:
    op.add_column("contacts", _text("phone", 32, nullable=True))
    op.add_column("contacts", _flag("important"))
    op.add_column("agents", _list("skills"))
    op.add_column("agents", _number("capacity", "5"))
    op.add_column("agents", _time("last_offer_at", nullable=True))
    op.add_column("agents", _number("missed_offers", "0"))
    columns: tuple[sa.Column[object], ...] = (
        _list("decision", "{}"),
        _text("team_id", 32, nullable=True),
        _text("topic", 128, nullable=True),
        _text("language", 8, default="de"),
        _number("urgency", "0"),
        _number("round", "1"),
        _text("preferred_agent", 32, nullable=True),
        _text("offered_to", 32, nullable=True),
        _time("offered_at", nullable=True),
        _time("offered_until", nullable=True),
        _list("declined_by"),
        _time("queued_at", nullable=True),
        sa.Column("wording", sa.Text(), nullable=False, server_default=""),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("corrected_seq", sa.Integer(), nullable=True),
        sa.Column("awaits", _AWAITED, nullable=False, server_default="nothing"),
        _list("told", "{}"),
        _number("asked_seq", "0"),
        sa.Column("ended_seq", sa.Integer(), nullable=True),
    )
    for column in columns:
        op.add_column("handoffs", column)
    op.create_index(op.f("ix_handoffs_team_id"), "handoffs", ["team_id"])
    op.create_index(op.f("ix_handoffs_offered_to"), "handoffs", ["offered_to"])


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
