"""People behind contacts, contacts with a number, and customers whom the web site signs in

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NUMBERED = (
    "UPDATE contacts SET number = numbered.number FROM "
    "(SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM contacts) AS numbered "
    "WHERE numbered.id = contacts.id"
)
_NUMBER_NEW = (
    "CREATE TRIGGER contact_numbers AFTER INSERT ON contacts BEGIN "
    "UPDATE contacts SET number = (SELECT max(number) + 1 FROM contacts) WHERE id = NEW.id; END"
)
_PEOPLE = (
    "INSERT INTO people (id, note, created_at, changed_at) "
    "SELECT person, '', min(created_at), min(created_at) FROM contacts WHERE person IS NOT NULL GROUP BY person"
)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, store.models.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Forward."""
    _number_contacts()
    _add_people()
    _add_identities()
    op.add_column("visitor_tokens", sa.Column("identity", sa.String(length=32), nullable=True))
    op.add_column("visitor_tokens", sa.Column("browser", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_visitor_tokens_identity"), "visitor_tokens", ["identity"])


def _number_contacts() -> None:
    op.add_column("contacts", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(_NUMBERED)
    op.create_index(op.f("ix_contacts_number"), "contacts", ["number"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE contact_numbers")
        op.execute("SELECT setval('contact_numbers', (SELECT coalesce(max(number), 0) + 1 FROM contacts), false)")
        op.execute("ALTER TABLE contacts ALTER number SET DEFAULT nextval('contact_numbers')")
    else:
        op.execute(_NUMBER_NEW)


def _add_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        _time("created_at"),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.execute(_PEOPLE)
    op.create_table(
        "contact_merges",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=True),
        _time("created_at"),
        _time("undone_at", nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_contact_merges_agent_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["agents.id"], name=op.f("fk_contact_merges_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merges")),
    )
    op.create_index(op.f("ix_contact_merges_person"), "contact_merges", ["person"])


def _add_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        _time("created_at"),
        _time("signed_in_at"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_identities_contact_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_identities_conversation_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_identities")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_identities_customer_id")),
    )
    op.create_index(op.f("ix_identities_email"), "identities", ["email"])
    op.create_index(op.f("ix_identities_conversation_id"), "identities", ["conversation_id"])
    op.create_table(
        "identity_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        _time("expires_at"),
        _time("ended_at", nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_identity_tokens_contact_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_identity_tokens")),
    )
    op.create_index(op.f("ix_identity_tokens_contact_id"), "identity_tokens", ["contact_id"])
    op.create_table(
        "identity_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        _time("created_at"),
        _time("retired_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_keys")),
    )
