"""Files are kept, sent once, and erased: in the database and in a bucket that speaks S3."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update

from connectors.contract import Attachment, AttachmentKind, InboundMessage, Undeliverable
from helpdesk.app import AppComponents
from helpdesk.files.attaching import FileGone
from helpdesk.files.file_store import MAX_UNSENT, FileStore, make_file_store
from helpdesk.files.kinds import UnwantedKind
from helpdesk.files.pictures import UnreadablePicture
from helpdesk.files.s3_content import read_bucket
from helpdesk.files.uploads import MAX_FILE_BYTES, FileTooLarge
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.people_search import find_contacts
from store.db import Database
from store.errors import Invalid, NotFound, TooManyRequests, Unavailable
from store.models import AttachmentRecord, AttachmentStatus, FilePiece, StoragePlace, StoredFile, Throttle, now
from tests.fakes.bot import FakeBot
from tests.fakes.s3 import BUCKET, bucket_client, empty_bucket, s3_server
from tests.harness import eventually, inbound_message, run_helpdesk, settings_for, visitor
from tests.sample_files import PDF, PROGRAM, picture


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture(params=["database", "s3"])
async def parts(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, s3_url: str
) -> AsyncIterator[AppComponents]:
    """Helpdesk with its files in the database, and in the bucket."""
    url = s3_url if request.param == "s3" else ""
    empty_bucket(s3_url)
    async with run_helpdesk(settings_for(tmp_path, database_url, files_url=url), FakeBot()) as running:
        yield running


async def in_pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def content_of(files: FileStore, key: str) -> bytes:
    return b"".join([piece async for piece in files.read(key)])


async def counts(db: Database) -> tuple[int, int]:
    """How many files are known, and how many pieces of them the database holds."""
    async with db.read() as session:
        files = await session.scalar(select(func.count()).select_from(StoredFile))
        pieces = await session.scalar(select(func.count()).select_from(FilePiece))
    return files or 0, pieces or 0


def in_bucket(parts: AppComponents) -> set[str]:
    """The keys that are really in the bucket."""
    url = parts.settings.files_url.get_secret_value()
    if not url:
        return set()
    found = bucket_client(urlsplit(url).port or 0).list_objects_v2(Bucket=BUCKET)
    return {each["Key"] for each in found.get("Contents", ())}


async def let_time_pass(db: Database) -> None:
    async with db.write() as session:
        await session.execute(update(StoredFile).values(erase_at=now() - timedelta(seconds=1)))


def with_files(*keys: str, text: str = "", id_: str = "1") -> InboundMessage:
    message = inbound_message(text, id_=id_)
    attached = tuple(Attachment(kind=AttachmentKind.DOCUMENT, upload=key) for key in keys)
    return InboundMessage(
        address=message.address,
        contact_id=message.contact_id,
        external_id=message.external_id,
        text=text,
        attachments=attached,
    )


async def test_what_was_kept_is_read_byte_for_byte(parts: AppComponents) -> None:
    content = PDF + bytes(range(256)) * 9_000
    kept = await parts.files.take(visitor().lane, "../rechnung.pdf", in_pieces(content))

    assert (kept.name, kept.media_type, kept.size) == ("rechnung.pdf", "application/pdf", len(content))
    assert await content_of(parts.files, kept.key) == content
    files, pieces = await counts(parts.db)
    assert (files, pieces > 1) == (1, not in_bucket(parts))  # never in both places


async def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(parts: AppComponents) -> None:
    most = PDF + bytes(MAX_FILE_BYTES - len(PDF))
    kept = await parts.files.take("somebody", "a.pdf", in_pieces(most))
    assert kept.size == MAX_FILE_BYTES

    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield most
        while True:
            taken += 1
            yield b"x"

    with pytest.raises(FileTooLarge):
        await parts.files.take("somebody", "a.pdf", endless())
    assert taken == 1  # it wasn't read on
    assert (await counts(parts.db))[0] == 1


async def test_a_file_that_breaks_off_leaves_nothing(parts: AppComponents) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await parts.files.take("somebody", "a.pdf", broken())
    assert await counts(parts.db) == (0, 0)
    assert in_bucket(parts) == set()


async def test_what_is_not_wanted_is_not_kept(parts: AppComponents) -> None:
    with pytest.raises(UnwantedKind):
        await parts.files.take("somebody", "photo.jpg", in_pieces(PROGRAM))
    with pytest.raises(UnreadablePicture):
        await parts.files.take("somebody", "photo.png", in_pieces(picture()[:50]))
    with pytest.raises(Invalid, match="empty"):
        await parts.files.take("somebody", "photo.png", in_pieces(b""))
    assert await counts(parts.db) == (0, 0)


async def test_a_channel_brings_anything_and_it_is_only_saved(parts: AppComponents) -> None:
    program = await parts.files.keep(visitor(), "setup.exe", PROGRAM)
    broken = await parts.files.keep(visitor(), "photo.png", picture()[:50])

    assert (program.kind, broken.kind) == (AttachmentKind.DOCUMENT, AttachmentKind.DOCUMENT)
    assert broken.media_type == "application/octet-stream"


async def test_a_file_is_sent_once_and_only_by_its_sender(parts: AppComponents) -> None:
    mine = await parts.files.take(visitor().lane, "a.png", in_pieces(picture()))
    theirs = await parts.files.take(visitor("eve").lane, "b.png", in_pieces(picture()))

    for wrong in ([theirs.key], ["0" * 32], [mine.key, theirs.key]):
        with pytest.raises(FileGone):
            await parts.inbox.receive(with_files(*wrong))
    received = await parts.inbox.receive(with_files(mine.key, text="Was ist das?"))
    again = await parts.inbox.receive(with_files(mine.key, text="Was ist das?"))
    assert (again.seq, again.repeated) == (received.seq, True)
    with pytest.raises(FileGone):
        await parts.inbox.receive(with_files(mine.key, id_="2"))

    async with parts.db.read() as session:
        [record] = await session.scalars(select(AttachmentRecord))
    assert (record.kind, record.name, record.status) == (AttachmentKind.PHOTO, "a.png", AttachmentStatus.KEPT)
    with pytest.raises(NotFound):
        await parts.attached.open(record.id, "another", notes=True)


async def test_the_files_of_a_message_keep_their_order(parts: AppComponents) -> None:
    keys = [(await parts.files.take(visitor().lane, f"{number}.pdf", in_pieces(PDF))).key for number in range(6)]
    received = await parts.inbox.receive(with_files(*keys))
    lines = await parts.timeline.lines(received.conversation_id, after=0, limit=10)
    shown = [file.name for line in lines for file in line.attachments]
    assert shown == [f"{number}.pdf" for number in range(6)]


async def test_what_nobody_sends_goes_after_an_hour_and_what_was_sent_stays(parts: AppComponents) -> None:
    unsent = await parts.files.take(visitor().lane, "a.png", in_pieces(picture()))
    sent = await parts.files.take(visitor().lane, "b.png", in_pieces(picture()))
    await parts.inbox.receive(with_files(sent.key))
    async with parts.db.read() as session:
        ends = {row.key: row.erase_at - now() for row in await session.scalars(select(StoredFile))}
    assert timedelta(minutes=59) < ends[unsent.key] <= timedelta(hours=1)
    assert timedelta(days=29) < ends[sent.key] <= timedelta(days=30)

    async with parts.db.write() as session:
        past = now() - timedelta(seconds=1)
        await session.execute(update(StoredFile).where(StoredFile.key == unsent.key).values(erase_at=past))
    assert await parts.files.erase_due() == 1
    with pytest.raises(Undeliverable):
        await content_of(parts.files, unsent.key)
    assert await content_of(parts.files, sent.key)
    assert in_bucket(parts) <= {sent.key}


async def test_a_file_whose_time_is_up_leaves_only_that_there_was_one(parts: AppComponents) -> None:
    kept = await parts.files.take(visitor().lane, "canary.png", in_pieces(picture()))
    received = await parts.inbox.receive(with_files(kept.key))
    await let_time_pass(parts.db)
    await parts.files.erase_due()

    assert await counts(parts.db) == (0, 0)
    assert in_bucket(parts) == set()
    [file] = (await parts.timeline.lines(received.conversation_id, after=0, limit=10))[1].attachments
    assert (file.status, file.name) == ("failed", "")


async def test_erasure_takes_sent_and_unsent_files_along(parts: AppComponents) -> None:
    sent = await parts.files.take(visitor().lane, "canary-sent.png", in_pieces(picture()))
    await parts.files.take(visitor().lane, "canary-unsent.pdf", in_pieces(PDF))
    other = await parts.files.take(visitor("eve").lane, "other.pdf", in_pieces(PDF))
    received = await parts.inbox.receive(with_files(sent.key))
    [contact] = await find_contacts(parts.db, received.conversation_id)
    exported = (await export_contact(parts.db, contact))["conversations"][0]["files"]
    assert [(file["seq"], file["name"]) for file in exported] == [(received.seq, "canary-sent.png")]

    await erase_contact(parts.db, contact)
    async with parts.db.read() as session:
        left = await session.execute(select(StoredFile.name, StoredFile.thumbnail).where(StoredFile.key != other.key))
    assert set(left.all()) <= {("", None)}  # what is still to be erased elsewhere has no name any more
    await parts.files.erase_due()
    assert (await counts(parts.db))[0] == 1
    assert in_bucket(parts) <= {other.key}


async def test_who_sends_nothing_can_not_fill_the_disk(parts: AppComponents) -> None:
    for _ in range(MAX_UNSENT):
        await parts.files.take("somebody", "a.txt", in_pieces(b"hello"))
    with pytest.raises(TooManyRequests):
        await parts.files.take("somebody", "a.txt", in_pieces(b"hello"))
    other = await parts.files.take("somebody else", "a.txt", in_pieces(b"hello"))
    assert other.size == 5


async def test_files_leave_the_last_of_the_disk_to_the_database(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(sqlite_url)
    try:
        files = make_file_store(db, "")
        monkeypatch.setattr("helpdesk.files.file_store.MIN_FREE_BYTES", 2**62)
        with pytest.raises(Unavailable):
            await files.take("somebody", "a.txt", in_pieces(b"hello"))
        assert await counts(db) == (0, 0)
        monkeypatch.setattr("helpdesk.files.file_store.MIN_FREE_BYTES", 0)
        await files.take("somebody", "a.txt", in_pieces(b"hello"))
    finally:
        await db.close()


async def test_a_bucket_that_is_away_is_an_error_that_passes(tmp_path: Path, sqlite_url: str) -> None:
    db = Database(sqlite_url)
    try:
        files = make_file_store(db, "s3+http://key:secret@127.0.0.1:9/bucket")
        with pytest.raises(Unavailable):
            await files.take("somebody", "a.txt", in_pieces(b"hello"))
        assert await counts(db) == (1, 0)  # known, so that its end comes
    finally:
        await db.close()


async def test_a_bucket_that_is_away_holds_up_no_other_erasure(tmp_path: Path, database_url: str) -> None:
    away = "s3+http://key:secret@127.0.0.1:9/bucket"
    async with run_helpdesk(settings_for(tmp_path, database_url, files_url=away), FakeBot()) as parts:
        async with parts.db.write() as session:
            past = now() - timedelta(days=2)
            session.add(
                StoredFile(key="f" * 32, place=StoragePlace.S3, name="a", media_type="b", size=1, erase_at=past)
            )
            session.add(Throttle(key="old", window_start=past, count=1))
        sweeping = asyncio.create_task(parts.retention.run())
        try:
            await eventually(lambda: _is_swept(parts.db), "a sweep")
        finally:
            sweeping.cancel()
        assert (await counts(parts.db))[0] == 1  # tried again later


async def _is_swept(db: Database) -> bool:
    async with db.read() as session:
        return await session.get(Throttle, "old") is None


async def test_what_is_in_a_bucket_that_is_not_set_up_is_not_forgotten(sqlite_url: str, s3_url: str) -> None:
    empty_bucket(s3_url)
    db = Database(sqlite_url)
    try:
        await make_file_store(db, s3_url).take("somebody", "canary.txt", in_pieces(b"hello"))
        await let_time_pass(db)
        await make_file_store(db, "").erase_due()
        async with db.read() as session:
            assert list(await session.scalars(select(StoredFile.name))) == [""]
        assert await make_file_store(db, "").erase_due() == 0  # not asked again at once

        await let_time_pass(db)
        await make_file_store(db, s3_url).erase_due()
        assert await counts(db) == (0, 0)
        left = bucket_client(urlsplit(s3_url).port or 0).list_objects_v2(Bucket=BUCKET)
        assert "Contents" not in left
    finally:
        await db.close()


async def test_files_that_were_in_the_database_are_read_when_a_bucket_is_set_up(sqlite_url: str, s3_url: str) -> None:
    db = Database(sqlite_url)
    try:
        kept = await make_file_store(db, "").take("somebody", "a.txt", in_pieces(b"hello"))
        assert await content_of(make_file_store(db, s3_url), kept.key) == b"hello"
        moved = await make_file_store(db, s3_url).take("somebody", "b.txt", in_pieces(b"there"))
        with pytest.raises(NotFound, match="STAFFEL_FILES_URL"):
            await content_of(make_file_store(db, ""), moved.key)
        async with db.read() as session:
            places = {row.key: row.place for row in await session.scalars(select(StoredFile))}
        assert places == {kept.key: StoragePlace.DATABASE, moved.key: StoragePlace.S3}
    finally:
        await db.close()


@pytest.mark.parametrize("url", ["https://a/b", "s3://host", "s3:///bucket", "s3://host/a/b", "bucket"])
def test_an_address_of_a_bucket_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="expected s3://"):
        read_bucket(url)


def test_an_address_of_a_bucket_says_everything() -> None:
    bucket = read_bucket("s3://key:s%2Fe%40cret@s3.example.com:9000/files?region=eu-central-1")
    assert (bucket.endpoint, bucket.name) == ("https://s3.example.com:9000", "files")
    assert (bucket.key, bucket.secret, bucket.region) == ("key", "s/e@cret", "eu-central-1")
