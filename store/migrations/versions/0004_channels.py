"""Channels, attachments and contacts on several channels

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHANNEL = sa.Enum("webchat", "telegram", "slack", name="channel", native_enum=False, length=16)
_KIND = sa.Enum(
    "photo",
    "document",
    "voice",
    "video",
    "location",
    "contact_card",
    "sticker",
    name="attachmentkind",
    native_enum=False,
    length=16,
)
_STATUS = sa.Enum("pending", "kept", "failed", "none", name="attachmentstatus", native_enum=False, length=16)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, store.models.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Forward."""
    _tables()
    _columns()


def _tables() -> None:
    op.create_table(
        "channel_accounts",
        sa.Column("channel", _CHANNEL, nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        _time("created_at"),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_channel_accounts")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
        sa.Column("external_id", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("status", _STATUS, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("due_at"),
        _time("created_at"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_due", "attachments", ["status", "due_at"])
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"])
    op.create_index(op.f("ix_attachments_message_id"), "attachments", ["message_id"])
    op.create_table(
        "attachment_contents",
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_attachment_contents_attachment_id")
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_contents")),
    )
    op.create_table(
        "contact_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_links_contact_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_contact_links")),
    )
    op.create_index(op.f("ix_contact_links_contact_id"), "contact_links", ["contact_id"])
    op.create_table(
        "paces",
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        _time("paused_until", nullable=True),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_paces")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        _time("until"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _columns() -> None:
    op.add_column("contacts", sa.Column("person", sa.String(length=32), nullable=True))
    op.add_column("contacts", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("contacts", sa.Column("reachable", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("contacts", _time("forget_at", nullable=True))
    op.create_index(op.f("ix_contacts_person"), "contacts", ["person"])
    op.add_column("deliveries", sa.Column("parts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("deliveries", sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("handoffs", sa.Column("helped", sa.Boolean(), nullable=True))
