"""The search of the desk: a full-text index kept by triggers, numbers of conversations, saved views

What was stored before is read for the index by the running program (`helpdesk.search.fill`), not here: a start never
waits for it.

Revision: 0016, after 0015
"""

# ruff: noqa: S608 - statements are put together of what stands in this file

import sqlite3

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: The first SQLite whose FTS5 can take words out of its index at once, instead of noting that they are gone.
_SECURE_DELETE_SINCE = (3, 42, 0)


def upgrade() -> None:
    """Forward."""
    unsearched = sa.text("search_text IS NULL")
    for table, key in (("messages", "id"), ("contacts", "id"), ("people", "id"), ("identities", "contact_id")):
        op.add_column(table, sa.Column("search_text", sa.Text(), nullable=True))
        op.create_index(f"ix_{table}_unsearched", table, [key], sqlite_where=unsearched, postgresql_where=unsearched)
    op.create_index("ix_conversations_changed", "conversations", ["changed_at", "id"])
    op.create_table(
        "conversation_numbers",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_conversation_numbers")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_conversation_numbers_conversation_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("created_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_saved_views_agent_id_agents")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_saved_views_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_agent_id"), "saved_views", ["agent_id"])
    op.create_index(op.f("ix_saved_views_team_id"), "saved_views", ["team_id"])
    if op.get_bind().dialect.name == "sqlite":
        statements: tuple[str, ...] = _SQLITE
        if sqlite3.sqlite_version_info >= _SECURE_DELETE_SINCE:
            statements = (*_SQLITE, "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)")
    else:
        statements = _POSTGRES
    for statement in statements:
        op.execute(sa.text(statement))


#: What a conversation is found by beside its lines: what is known of the contact, and its own id.
_AROUND = """SELECT conversations.id || ' ' || contacts.number || ' ' || coalesce(contacts.search_text, '') || ' '
        || coalesce(people.search_text, '') || ' ' || coalesce(identities.search_text, '')
    FROM conversations JOIN contacts ON contacts.id = conversations.contact_id
    LEFT JOIN people ON people.id = contacts.person LEFT JOIN identities ON identities.contact_id = contacts.id
    WHERE conversations.id = conversation_numbers.conversation_id"""
_FILLED = f"UPDATE conversation_numbers SET search_text = ({_AROUND})"
_RENEW = f"{_FILLED} WHERE conversation_id"
_OF_CONTACT = "SELECT id FROM conversations WHERE contact_id"
_OF_PERSON = f"{_OF_CONTACT} IN (SELECT id FROM contacts WHERE person = new.id)"
_NUMBERED = (
    "INSERT INTO conversation_numbers (conversation_id, search_text) "
    "SELECT id, '' FROM conversations ORDER BY created_at, id"
)

#: What sets off a new look at what is known of a contact: the trigger's name, its event, and the conversations.
_ABOUT_CONTACTS = (
    ("moved", "UPDATE OF contact_id ON conversations", "= new.id"),
    ("contact", "UPDATE OF search_text, person ON contacts", f"IN ({_OF_CONTACT} = new.id)"),
    ("person", "INSERT ON people", f"IN ({_OF_PERSON})"),
    ("person_changed", "UPDATE OF search_text ON people", f"IN ({_OF_PERSON})"),
    ("identity", "INSERT ON identities", f"IN ({_OF_CONTACT} = new.contact_id)"),
    ("identity_changed", "UPDATE OF search_text ON identities", f"IN ({_OF_CONTACT} = new.contact_id)"),
    ("identity_gone", "DELETE ON identities", f"IN ({_OF_CONTACT} = old.contact_id)"),
)

_PLACE = "(SELECT number * 1048576 + {row}.seq FROM conversation_numbers WHERE conversation_id = {row}.conversation_id)"
_BIG_PLACE = _PLACE.replace("1048576", "1048576::bigint")


def _sqlite_triggers(table: str, row: str) -> tuple[str, ...]:
    """Keep in the index what `search_text` of a table holds; `row` is its place there, of `new` or `old`.

    FTS5 has to be told what it is to forget, and that it has forgotten some is noted for the cleaning.
    """
    new, old = row.format(row="new"), row.format(row="old")
    add = f"INSERT INTO search_index (rowid, words) SELECT {new}, new.search_text WHERE new.search_text <> '';"
    drop = f"""INSERT INTO search_index (search_index, rowid, words)
            SELECT 'delete', {old}, old.search_text WHERE old.search_text <> '';
        INSERT OR IGNORE INTO meta (key, value) SELECT 'search_left_behind', '1' WHERE old.search_text <> '';"""
    return (
        f"CREATE TRIGGER search_{table}_added AFTER INSERT ON {table} WHEN new.search_text <> '' BEGIN {add} END",
        f"""CREATE TRIGGER search_{table}_changed AFTER UPDATE OF search_text ON {table}
        WHEN old.search_text IS NOT new.search_text BEGIN {drop} {add} END""",
        f"CREATE TRIGGER search_{table}_gone AFTER DELETE ON {table} WHEN old.search_text <> '' BEGIN {drop} END",
    )


_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5 (words, content='', tokenize='unicode61 remove_diacritics 0')",
    *_sqlite_triggers("messages", _PLACE),
    *_sqlite_triggers("conversation_numbers", "{row}.number * 1048576"),
    _NUMBERED,
    _FILLED,
    f"""CREATE TRIGGER search_conversation_added AFTER INSERT ON conversations BEGIN
        INSERT INTO conversation_numbers (conversation_id, search_text) VALUES (new.id, '');
        {_RENEW} = new.id;
    END""",
    """CREATE TRIGGER search_conversation_gone AFTER DELETE ON conversations BEGIN
        DELETE FROM conversation_numbers WHERE conversation_id = old.id;
    END""",
    *(
        f"CREATE TRIGGER search_{name} AFTER {event} BEGIN {_RENEW} {conversations}; END"
        for name, event, conversations in _ABOUT_CONTACTS
    ),
)


def _postgres_function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


def _postgres_trigger(name: str, event: str, function: str, when: str = "true") -> str:
    return f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}()"


def _postgres_triggers(table: str, row: str) -> tuple[str, ...]:
    """Keep in the index what `search_text` of a table holds; `row` is its place there, of `new` or `old`."""
    new, old = row.format(row="new"), row.format(row="old")
    changed = f"""IF tg_op <> 'INSERT' THEN DELETE FROM search_index WHERE id = {old}; END IF;
        IF tg_op <> 'DELETE' AND new.search_text <> '' THEN
            INSERT INTO search_index (id, words) VALUES ({new}, to_tsvector('simple', new.search_text));
        END IF;"""
    function = f"search_{table}"
    return (
        _postgres_function(function, changed),
        _postgres_trigger(f"search_{table}_added", f"INSERT ON {table}", function, "new.search_text <> ''"),
        _postgres_trigger(
            f"search_{table}_changed",
            f"UPDATE OF search_text ON {table}",
            function,
            "old.search_text IS DISTINCT FROM new.search_text",
        ),
        _postgres_trigger(f"search_{table}_gone", f"DELETE ON {table}", function, "old.search_text <> ''"),
    )


_POSTGRES = (
    "CREATE TABLE search_index (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
    *_postgres_triggers("messages", _BIG_PLACE),
    *_postgres_triggers("conversation_numbers", "{row}.number * 1048576::bigint"),
    _NUMBERED,
    _FILLED,
    _postgres_function(
        "search_conversation_added",
        f"INSERT INTO conversation_numbers (conversation_id, search_text) VALUES (new.id, ''); {_RENEW} = new.id;",
    ),
    _postgres_trigger("search_conversation_added", "INSERT ON conversations", "search_conversation_added"),
    _postgres_function("search_conversation_gone", "DELETE FROM conversation_numbers WHERE conversation_id = old.id;"),
    _postgres_trigger("search_conversation_gone", "DELETE ON conversations", "search_conversation_gone"),
    *(
        statement
        for name, event, conversations in _ABOUT_CONTACTS
        for statement in (
            _postgres_function(f"search_{name}", f"{_RENEW} {conversations};"),
            _postgres_trigger(f"search_{name}", event, f"search_{name}"),
        )
    ),
)
