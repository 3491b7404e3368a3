"""Files of the web chat: handed in over HTTP, sent over the socket, given to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.app import AppComponents
from helpdesk.conversations.answers import agent_answers
from helpdesk.files.file_store import FileStore
from helpdesk.files.uploads import MAX_FILE_BYTES
from helpdesk.web.chat import files as chat_files
from helpdesk.web.chat.files import MAX_UPLOADS_OF_ADDRESS
from helpdesk.web.chat.routes import FILES_AT_ONCE
from helpdesk.web.shared.uploads import take_upload
from store.models import AttachmentRecord, StoredFile
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import eventually, hire
from tests.integration.webchat_server import served
from tests.sample_files import PDF, SVG, photo, picture

SHOP = "https://shop.example.org"


class Browser:
    """A page with the chat open: the socket, and files with its token."""

    def __init__(self, chat: ChatClient, http: httpx.AsyncClient, origin: str) -> None:
        self.chat = chat
        self._http = http
        self.origin = origin

    @property
    def headers(self) -> dict[str, str]:
        """What the widget sends along."""
        return {"authorization": f"Bearer {self.chat.token}", "origin": self.origin}

    async def upload(self, content: Any, name: str = "bild.png", **headers: str) -> httpx.Response:
        """Hand a file in."""
        told = self.headers | {"x-file-name": name} | headers
        return await self._http.post("/webchat/files?lang=de", content=content, headers=told)

    async def fetch(self, file: str, size: str = "", **headers: str) -> httpx.Response:
        """Fetch a file of a line."""
        query = f"?size={size}" if size else ""
        return await self._http.get(f"/webchat/files/{file}{query}", headers=self.headers | headers)

    async def discard(self, file: str) -> int:
        """Take a file back that hasn't been sent."""
        return (await self._http.delete(f"/webchat/files/{file}", headers=self.headers)).status_code

    def send(self, *files: str, text: str = "") -> str:
        """Send a message with files; its client id."""
        return self.chat._send({"type": "message", "text": text, "files": list(files)})

    async def line_with_files(self, author: str = "contact") -> dict[str, Any]:
        """The newest line of an author's that has files, once there is one."""

        async def look() -> dict[str, Any] | None:
            found = [line for line in self.chat.lines if line.get("files") and line["author"] == author]
            return found[-1] if found else None

        found = await eventually(look, f"a line of the {author}'s with files")
        assert found
        return found


@asynccontextmanager
async def open_chat(address: str, origin: str = "") -> AsyncIterator[Browser]:
    origin = origin or f"http://{address}"
    async with (
        httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=60) as http,
        ChatClient(f"ws://{address}/webchat/ws", origin) as chat,
    ):
        await eventually(lambda: _is_ready(chat), "the chat")
        yield Browser(chat, http, origin)


async def _is_ready(chat: ChatClient) -> bool:
    return chat.is_ready and chat.token is not None


@pytest.fixture
async def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
async def server(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[tuple[AppComponents, str]]:
    async with served(tmp_path, database_url, bot=bot, webchat_origins=[SHOP]) as running:
        yield running


async def test_a_screenshot_is_sent_seen_and_fetched(server: tuple[AppComponents, str], bot: FakeBot) -> None:
    _, address = server
    async with open_chat(address, SHOP) as ida:
        handed_in = await ida.upload(photo((640, 480)), name="..%2FM%C3%BCll.jpg")
        assert handed_in.status_code == 201
        assert handed_in.headers["access-control-allow-origin"] == SHOP
        file = handed_in.json()
        assert (file["name"], file["media_type"], file["width"], file["height"]) == ("Müll.jpg", "image/jpeg", 480, 640)

        ida.send(file["id"])
        line = await ida.line_with_files()
        [shown] = line["files"]
        assert (shown["name"], shown["here"], shown["width"]) == ("Müll.jpg", True, 480)

        whole = await ida.fetch(shown["id"])
        assert whole.status_code == 200
        assert b"canary" not in whole.content
        assert whole.headers["content-type"] == "image/jpeg"
        assert whole.headers["content-disposition"].startswith("inline")
        assert whole.headers["cache-control"] == "private, no-store"
        assert "sandbox" in whole.headers["content-security-policy"]
        small = await ida.fetch(shown["id"], size="small")
        assert (small.headers["content-type"], small.content[:4]) == ("image/webp", b"RIFF")

        await eventually(lambda: _says(ida, "kann ich selbst nicht"), "an honest word")
        assert bot.turns == []


def _of(browser: Browser) -> str:
    return str(browser.chat.state["conversation"])


async def _says(browser: Browser, words: str) -> bool:
    return any(words in line["text"] for line in browser.chat.lines)


async def test_a_caption_that_asks_is_answered(server: tuple[AppComponents, str], bot: FakeBot) -> None:
    _, address = server
    async with open_chat(address) as ida:
        file = (await ida.upload(picture())).json()
        ida.send(file["id"], text="Is this broken?")
        await ida.line_with_files()

        async def asked() -> bool:
            return bool(bot.turns)

        await eventually(asked, "the bot's turn")
        assert bot.turns[0]["text"] == "Is this broken?"


async def test_nobody_else_is_given_a_file(server: tuple[AppComponents, str]) -> None:
    _, address = server
    async with open_chat(address) as ida, open_chat(address) as eve:
        file = (await ida.upload(picture())).json()
        assert (await ida.fetch(file["id"])).status_code == 404  # not before it is sent, and then by the line's id
        ida.send(file["id"])
        [shown] = (await ida.line_with_files())["files"]

        assert (await eve.fetch(shown["id"])).status_code == 404
        assert (await eve.fetch(shown["id"], size="small")).status_code == 404
        assert (await ida.fetch(shown["id"], authorization="Bearer nonsense")).status_code == 401
        assert (await ida.fetch(shown["id"], authorization="")).status_code == 401
        foreign = await ida.fetch(shown["id"], origin="https://evil.example")
        assert foreign.status_code == 403
        assert "access-control-allow-origin" not in foreign.headers


async def test_what_somebody_else_handed_in_can_not_be_sent(server: tuple[AppComponents, str]) -> None:
    parts, address = server
    async with open_chat(address) as ida, open_chat(address) as eve:
        file = (await ida.upload(picture())).json()
        eve.send(file["id"])
        await eventually(lambda: _refused(eve, "file_gone"), "a refusal")
        assert await eve.discard(file["id"]) == 204
        assert [piece async for piece in parts.files.read(file["id"])]  # it is still there


async def _refused(browser: Browser, code: str) -> bool:
    return any(frame.get("code") == code for frame in browser.chat.frames)


async def test_a_message_that_comes_twice_is_stored_once(server: tuple[AppComponents, str]) -> None:
    parts, address = server
    async with open_chat(address) as ida:
        file = (await ida.upload(picture())).json()
        frame = {"type": "message", "text": "", "files": [file["id"]], "client_id": "same"}
        ida.chat.raw(frame)
        await ida.line_with_files()
        ida.chat.raw(frame)

        def acks() -> list[dict[str, Any]]:
            return [one for one in ida.chat.frames if one["type"] == "ack" and one["client_id"] == "same"]

        async def twice() -> bool:
            return len(acks()) == 2

        await eventually(twice, "two acknowledgements")
        assert acks()[0]["seq"] == acks()[1]["seq"]
        async with parts.db.read() as session:
            assert len(list(await session.scalars(select(AttachmentRecord)))) == 1


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (SVG, "file_kind", 422),
        (b"<!doctype html><script>alert(1)</script>", "file_kind", 422),
        (b"", "file_empty", 422),
        (picture()[:40], "file_broken", 422),
        (PDF + bytes(MAX_FILE_BYTES), "file_too_large", 413),
    ],
)
async def test_f93_what_is_not_taken_is_refused_in_the_customers_words(
    server: tuple[AppComponents, str], content: bytes, code: str, status: int
) -> None:
    parts, address = server
    async with open_chat(address, SHOP) as ida:
        refused = await ida.upload(content)
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
        assert refused.headers["access-control-allow-origin"] == SHOP
        assert "gespeichert" not in refused.json()["error"]["message"]  # a sentence of its own
    async with parts.db.read() as session:
        assert list(await session.scalars(select(StoredFile.key))) == []


async def test_f93_a_document_is_only_saved(server: tuple[AppComponents, str]) -> None:
    _, address = server
    async with open_chat(address) as ida:
        file = (await ida.upload(PDF, name="rechnung.html")).json()
        ida.send(file["id"])
        [shown] = (await ida.line_with_files())["files"]
        given = await ida.fetch(shown["id"])

    assert given.content == PDF
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''rechnung.html"
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_an_upload_that_breaks_off_leaves_nothing(server: tuple[AppComponents, str]) -> None:
    parts, address = server
    async with open_chat(address) as ida:

        async def cut() -> AsyncIterator[bytes]:
            yield PDF
            raise ConnectionError

        with pytest.raises(ConnectionError):
            await ida.upload(cut())
        again = await ida.upload(PDF)
        assert again.status_code == 201
    async with parts.db.read() as session:
        assert len(list(await session.scalars(select(StoredFile.key)))) == 1


async def test_who_hands_in_too_many_has_to_wait(server: tuple[AppComponents, str]) -> None:
    _, address = server
    async with open_chat(address) as ida:
        codes = [(await ida.upload(b"hello")).status_code for _ in range(FILES_AT_ONCE + 1)]
    assert codes == [201] * FILES_AT_ONCE + [429]


@pytest.fixture
def admitted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lane of each file that the server has given a place, as the client can not know."""
    lanes: list[str] = []

    async def note_and_take(request: Request, store: FileStore, lane: str) -> Response:
        lanes.append(lane)
        return await take_upload(request, store, lane)

    monkeypatch.setattr(chat_files, "take_upload", note_and_take)
    return lanes


async def test_slow_files_of_one_address_leave_places_to_others(
    server: tuple[AppComponents, str], admitted: list[str]
) -> None:
    _, address = server
    may_end = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield PDF
        await may_end.wait()

    async def are_all_in() -> bool:
        return len(admitted) == MAX_UPLOADS_OF_ADDRESS

    other = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    async with open_chat(address) as eve, asyncio.TaskGroup() as tasks:
        held = [tasks.create_task(eve.upload(slow())) for _ in range(MAX_UPLOADS_OF_ADDRESS)]
        try:
            await eventually(are_all_in, "files on their way")
            assert (await eve.upload(PDF)).status_code == 429
            async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, transport=other) as http:
                ida = Browser(eve.chat, http, eve.origin)
                assert (await ida.upload(PDF)).status_code == 201
        finally:
            may_end.set()
        assert {(await one).status_code for one in held} == {201}
        assert (await eve.upload(PDF)).status_code == 201


async def test_other_sites_pages_may_ask_if_they_are_ours(server: tuple[AppComponents, str]) -> None:
    _, address = server
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as http:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
        ours = await http.options("/webchat/files", headers=asked | {"origin": SHOP})
        theirs = await http.options("/webchat/files", headers=asked | {"origin": "https://evil.example"})
    assert ours.headers["access-control-allow-origin"] == SHOP
    assert "authorization" in ours.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-origin" not in theirs.headers


async def test_an_agents_file_is_seen_by_the_customer(server: tuple[AppComponents, str]) -> None:
    parts, address = server
    mia = await hire(parts, "Mia")
    async with open_chat(address) as ida:
        conversation = _of(ida)
        await drive(parts.conversations).request_handoff(conversation, [])
        epoch = (await drive(parts.conversations).accept(conversation, mia)).epoch
        owner = agent_answers.owner_of_uploads(mia)
        kept = await parts.files.take(owner, "plan.png", _pieces(picture()))
        async with parts.conversations.open(conversation) as c:
            await agent_answers.answer(c, mia, epoch, "", "a1", [kept.key])
        [shown] = (await ida.line_with_files("agent"))["files"]
        assert (await ida.fetch(shown["id"])).status_code == 200


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    await asyncio.sleep(0)
    yield content
