"""Files of both sides, in pieces or elsewhere, each with the time of its end

Revision: 0012, after 0011
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEPT = timedelta(days=30)
_PLACE = sa.Enum("database", "s3", name="fileplace", native_enum=False, length=16)
_TIME = store.models.UtcDateTime(timezone=True)
_FILES = sa.table(
    "stored_files",
    *(sa.column(name, sa.String) for name in ("key", "owner", "place", "name", "media_type")),
    sa.column("size", sa.Integer),
    sa.column("is_complete", sa.Boolean),
    sa.column("created_at", _TIME),
    sa.column("erase_at", _TIME),
)
_ATTACHMENTS = sa.table(
    "attachments", *(sa.column(name, sa.String) for name in ("id", "name", "file_key")), sa.column("created_at", _TIME)
)
_CONTENTS = sa.table("attachment_contents", sa.column("attachment_id", sa.String), sa.column("content", sa.LargeBinary))
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def upgrade() -> None:
    """Forward."""
    _add_tables()
    op.add_column("attachments", sa.Column("file_key", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_attachments_file_key"), "attachments", ["file_key"])
    _move_contents()
    op.drop_table("attachment_contents")


def _add_tables() -> None:
    op.create_table(
        "stored_files",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=320), nullable=False),
        sa.Column("place", _PLACE, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("erase_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_owner"), "stored_files", ["owner"])
    op.create_index(op.f("ix_stored_files_erase_at"), "stored_files", ["erase_at"])
    op.create_table(
        "file_pieces",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["stored_files.key"], name=op.f("fk_file_pieces_key")),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_file_pieces")),
    )


def _move_contents() -> None:
    """What had been fetched before: each content becomes one piece of a file that bears the attachment's id."""
    connection = op.get_bind()
    start = sa.func.substr(_CONTENTS.c.content, 1, 12, type_=sa.LargeBinary)
    fetched = connection.execute(
        sa.select(_ATTACHMENTS.c.id, _ATTACHMENTS.c.name, _ATTACHMENTS.c.created_at, start)
        .add_columns(sa.func.length(_CONTENTS.c.content))
        .join(_CONTENTS, _CONTENTS.c.attachment_id == _ATTACHMENTS.c.id)
    ).all()
    for key, name, created_at, beginning, size in fetched:
        connection.execute(
            _FILES.insert().values(
                key=key,
                owner="",
                place="database",
                name=name,
                media_type=_media_type(bytes(beginning)),
                size=size,
                is_complete=True,
                created_at=created_at,
                erase_at=created_at + _KEPT,
            )
        )
    op.execute(
        "INSERT INTO file_pieces (key, number, content) SELECT attachment_id, 0, content FROM attachment_contents"
    )
    op.execute("UPDATE attachments SET file_key = id WHERE id IN (SELECT attachment_id FROM attachment_contents)")


def _media_type(beginning: bytes) -> str:
    """What a browser may show of what stands there unread: no sender's word counts."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    known = (kind for start, kind in _PICTURES.items() if beginning.startswith(start))
    return next(known, "application/octet-stream")
