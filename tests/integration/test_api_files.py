"""Files by the REST API: sent both ways and read, within the limits of a browser, with the scope `messages`."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image

from helpdesk.accounts.keys import make_key
from helpdesk.app import AppComponents, create_app
from helpdesk.files import attached_files
from helpdesk.files.uploads import MAX_FILE_BYTES
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import hire, settings_for
from tests.sample_files import PDF, PROGRAM, photo


@dataclass(slots=True)
class Program:
    """A program with a key, and its conversation."""

    http: httpx.AsyncClient
    parts: AppComponents
    one: str = ""

    async def hand_in(self, name: str, content: bytes, **query: str) -> httpx.Response:
        headers = {"X-File-Name": quote(name)}
        return await self.http.post(f"{self.one}/files", params=query, content=content, headers=headers)

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"{self.one}/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def attached(self, author: str) -> list[dict[str, Any]]:
        lines = (await self.http.get(f"{self.one}/messages")).json()["lines"]
        return [file for line in lines if line["author"] == author for file in line["attachments"]]


@pytest.fixture
async def program(tmp_path: Path, database_url: str) -> AsyncIterator[Program]:
    app = create_app(
        settings_for(tmp_path, database_url), embedder=LetterCounts(), rasa_transport=FakeBot().transport()
    )
    async with app.router.lifespan_context(app):
        key = await make_key(app.state.parts.db, "tests", ("conversations", "messages", "handoff"))
        headers = {"Authorization": f"Bearer {key}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://staffel.test/api/v1", headers=headers
        ) as http:
            found = Program(http, app.state.parts)
            opened = await http.post("/conversations", json={"contact": "order-system-7"})
            found.one = f"/conversations/{opened.json()['id']}"
            yield found


async def test_files_go_both_ways_and_are_read(program: Program) -> None:
    bill = (await program.hand_in("Rechnung März.pdf", PDF)).json()
    shot = (await program.hand_in("IMG_1.jpg", photo((300, 200)))).json()
    assert (bill["name"], bill["media_type"], bill["size"]) == ("Rechnung März.pdf", "application/pdf", len(PDF))
    assert (shot["width"], shot["height"]) == (200, 300), "turned as the camera was held"
    await program.post("messages", client_id="m1", files=[bill["id"], shot["id"]])

    files = await program.attached("contact")
    assert [(file["kind"], file["name"]) for file in files] == [
        ("document", "Rechnung März.pdf"),
        ("photo", "IMG_1.jpg"),
    ]
    read = await program.http.get(f"{program.one}/files/{files[0]['id']}")
    assert read.content == PDF
    assert read.headers["content-type"] == "application/octet-stream"
    assert "attachment" in read.headers["content-disposition"]
    picture = (await program.http.get(f"{program.one}/files/{files[1]['id']}")).content
    assert Image.open(io.BytesIO(picture)).size == (200, 300)
    assert b"canary" not in picture
    small = await program.http.get(f"{program.one}/files/{files[1]['id']}?size=small")
    assert small.headers["content-type"] == "image/webp"

    mia = await hire(program.parts, "Mia")
    await program.post("handoff")
    epoch = (await program.post("accept", agent=mia))["epoch"]
    plan = (await program.hand_in("plan.pdf", PDF, use="answer", agent=mia)).json()
    await program.post("answers", agent=mia, epoch=epoch, client_id="a1", files=[plan["id"]])
    assert [file["name"] for file in await program.attached("agent")] == ["plan.pdf"]


async def test_the_limits_are_those_of_a_browser(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await program.hand_in("a.exe", PROGRAM)).json()["error"]["code"] == "file_kind"
    assert (await program.hand_in("a.pdf", b"")).json()["error"]["code"] == "file_empty"
    large = await program.hand_in("a.pdf", PDF + b"\0" * MAX_FILE_BYTES)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "file_too_large")
    fits = await program.hand_in("a.pdf", PDF + b"\0" * 2_000_000)
    assert fits.status_code == 201, "more than other requests may bring"
    monkeypatch.setattr(attached_files, "MAX_CONVERSATION_BYTES", -1)
    assert (await program.hand_in("a.pdf", PDF)).status_code == 429


async def test_a_file_is_its_senders_and_its_conversations(program: Program) -> None:
    mia, jo = await hire(program.parts, "Mia"), await hire(program.parts, "Jo")
    await program.post("handoff")
    epoch = (await program.post("accept", agent=mia))["epoch"]
    of_jo = (await program.hand_in("jo.pdf", PDF, use="answer", agent=jo)).json()["id"]
    of_contact = (await program.hand_in("contact.pdf", PDF)).json()["id"]
    for key in (of_jo, of_contact):
        body = {"agent": mia, "epoch": epoch, "client_id": key, "text": "Here.", "files": [key]}
        refused = await program.http.post(f"{program.one}/answers", json=body)
        assert refused.json()["error"]["code"] == "file_gone"
    assert (await program.hand_in("x.pdf", PDF, use="answer")).status_code == 422, "nobody is named"
    assert (await program.hand_in("x.pdf", PDF, use="answer", agent="0" * 32)).status_code == 404
    await program.post("messages", client_id="m1", text="See", files=[of_contact])
    [file] = await program.attached("contact")
    other = (await program.http.post("/conversations", json={"contact": "other"})).json()["id"]
    assert (await program.http.get(f"/conversations/{other}/files/{file['id']}")).status_code == 404
    assert (await program.http.get(f"{program.one}/files/{of_jo}")).status_code == 404, "it was never sent"

    key = await make_key(program.parts.db, "lists only", ("conversations",))
    program.http.headers["Authorization"] = f"Bearer {key}"
    assert (await program.http.get(f"{program.one}/files/{file['id']}")).status_code == 403
    assert (await program.hand_in("x.pdf", PDF)).status_code == 403
