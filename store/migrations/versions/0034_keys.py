"""Keys with an id, an end, a last use and a rate; those that read contacts keep doing so

Revision: 0034, after 0033
"""

import json

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    with op.batch_alter_table("api_keys") as table:
        table.add_column(sa.Column("id", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("per_minute", sa.Integer(), nullable=False, server_default="6000"))
        table.add_column(sa.Column("expires_at", time, nullable=True))
        table.add_column(sa.Column("last_used_at", time, nullable=True))
    keys = sa.table("api_keys", sa.column("token_hash"), sa.column("id"), sa.column("scopes", sa.JSON()))
    connection = op.get_bind()
    for token_hash, scopes in connection.execute(sa.select(keys.c.token_hash, keys.c.scopes)).all():
        kept = json.loads(scopes) if isinstance(scopes, str) else list(scopes)
        if "conversations" in kept and "contacts" not in kept:
            kept.append("contacts")
        row = sa.update(keys).where(keys.c.token_hash == token_hash)
        connection.execute(row.values(id=token_hash[:32], scopes=kept))
    with op.batch_alter_table("api_keys") as table:
        table.alter_column("id", existing_type=sa.String(length=32), nullable=False)
        table.create_unique_constraint(op.f("uq_api_keys_id"), ["id"])
