"""The frames of docs/protocol.md: reading those that come, making those that go. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any

from connectors.contract import (
    ASK_PERSON,
    ChatState,
    Introduction,
    LineFile,
    LogLine,
    PrivacyLink,
    SignInProof,
    Suggestion,
    Visit,
)

PROTOCOL = 1
MAX_FRAME_BYTES = 16 * 1024  # bytes
MAX_CLIENT_ID_LENGTH = 64
REPLAY_AT_MOST = 500  # lines; a larger gap is a fresh start
MAX_DRAFT_LENGTH = 500  # characters; a longer text is no question that suggestions could help with
MAX_KEY_LENGTH = 128
MAX_IDENTITY_LENGTH = 8_192  # characters of a signed identity
MAX_BROWSER_LENGTH = 100
MAX_FILES = 10  # of one message

Frame = dict[str, Any]


class FrameRejection(Exception):
    """A frame that can't be taken; the connection goes on. `retry_after` is when it may be sent again, in seconds."""

    def __init__(self, code: str, client_id: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.client_id = client_id
        self.retry_after = retry_after


class ProtocolError(Exception):
    """A frame that isn't of the protocol; the connection ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first frame."""

    token: str | None
    last_seq: int
    log_epoch: str | None
    introduction: Introduction
    proof: SignInProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """What a customer is still writing; the answer carries the same `id`."""

    id: int
    text: str


def read_frame(text: str | None) -> Frame:
    """A frame's object. Raises `ProtocolError` for anything that isn't one JSON object of text."""
    if text is None or len(text.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise ProtocolError
    try:
        frame = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError from error
    if not isinstance(frame, dict):
        raise ProtocolError
    return frame


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_hello(frame: Frame) -> Hello:
    """The hello in a frame. Raises `ProtocolError` when it isn't one of this protocol."""
    if frame.get("type") != "hello" or frame.get("protocol") != PROTOCOL:
        raise ProtocolError
    token = frame.get("token")
    return Hello(
        token=token if isinstance(token, str) and 0 < len(token) <= 200 and _is_storable(token) else None,
        last_seq=_whole(frame.get("last_seq", 0)),
        log_epoch=_text(frame, "log_epoch"),
        introduction=Introduction(
            language=_text(frame, "language"), formality=_text(frame, "formality"), page=_text(frame, "page")
        ),
        proof=_proof(frame),
    )


def _proof(frame: Frame) -> SignInProof | None:
    """The sign-in of a hello. One that is no text, or too long, is none that could be good, and refused as such."""
    identity, browser = frame.get("identity"), frame.get("browser")
    if identity is None:
        return None
    return SignInProof(token=_short(identity, MAX_IDENTITY_LENGTH), browser=_short(browser, MAX_BROWSER_LENGTH))


def _short(value: object, longest: int) -> str:
    """A text of at most `longest` characters, else nothing."""
    return value if isinstance(value, str) and len(value) <= longest and _is_storable(value) else ""


def identity_frame(visit: Visit) -> Frame:
    """What the welcome says of who is signed in; nothing where nobody is, and nobody tried."""
    if visit.customer is not None:
        return {"identity": {"state": "signed_in"}}
    return {"identity": {"state": "refused", "reason": visit.refused}} if visit.refused else {}


def privacy_frame(told: PrivacyLink | None) -> Frame:
    """What the welcome says about the use of data; nothing where the company has no notice."""
    return {} if told is None else {"privacy": {"address": told.address, "text": told.text}}


def _whole(value: object) -> int:
    """A `last_seq` that is no count at all asks for a fresh start, like one beyond the log."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 2**31


def _text(frame: Frame, name: str) -> str | None:
    value = frame.get(name)
    return value if isinstance(value, str) and len(value) <= 2000 and _is_storable(value) else None


def _is_storable(text: str) -> bool:
    """Whether every database can hold it: no NUL, and no half of a surrogate pair, which JSON may spell."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def read_client_id(frame: Frame) -> str:
    """The client's id of a frame. Raises `ProtocolError` without one."""
    client_id = frame.get("client_id")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= MAX_CLIENT_ID_LENGTH or ":" in client_id:
        raise ProtocolError
    if not _is_storable(client_id):
        raise ProtocolError
    return client_id


def read_number(frame: Frame, name: str) -> int:
    """A count in a frame. Raises `ProtocolError` for anything else."""
    value = frame.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ProtocolError
    return value


def read_draft(frame: Frame) -> QuestionDraft:
    """The draft in a `suggest` frame, empty when it is too long to be a question. Raises `ProtocolError`."""
    text = frame.get("text")
    if not isinstance(text, str):
        raise ProtocolError
    return QuestionDraft(id=read_number(frame, "id"), text=text.strip() if len(text) <= MAX_DRAFT_LENGTH else "")


def read_article(frame: Frame) -> str:
    """The key in a `suggestion` frame. Raises `ProtocolError` for what can't be one."""
    article = frame.get("article")
    if not isinstance(article, str) or not 1 <= len(article) <= MAX_KEY_LENGTH or not _is_storable(article):
        raise ProtocolError
    return article


def read_files(frame: Frame) -> tuple[str, ...]:
    """The keys of the uploads that a message brings along. Raises `ProtocolError` for what can't be some."""
    keys = frame.get("files", [])
    if not isinstance(keys, list) or len(keys) > MAX_FILES:
        raise ProtocolError
    if not all(isinstance(key, str) and re.fullmatch("[0-9a-f]{32}", key) for key in keys):
        raise ProtocolError
    return tuple(keys)


def why_resync(known: int, last_seq: int, epoch: str | None, log_epoch: str) -> str | None:
    """Why a client must start over, if it must."""
    if known and epoch != log_epoch:
        return "other_log"
    if known > last_seq:
        return "ahead_of_log"
    return "too_far_behind" if last_seq - known > REPLAY_AT_MOST else None


def line_frame(line: LogLine) -> Frame:
    """The frame of a line of the log."""
    article = (
        {"key": line.article, "title": line.article_title or line.article, "link": line.link} if line.article else None
    )
    files = {"files": [_file(each) for each in line.files]} if line.files else {}
    return (
        files
        | _changes(line)
        | {
            "type": "message",
            "seq": line.seq,
            "kind": line.kind,
            "author": line.author,
            "name": line.name,
            "text": line.text,
            "html": line.html,
            "fold": line.fold,
            "choices": [{"title": each.title, "person": each.payload == ASK_PERSON} for each in line.choices],
            "chosen": line.chosen,
            "article": article,
            "related": [{"question": each.question, "link": each.link} for each in line.related],
            "client_id": line.client_id,
            "at": line.at.isoformat(),
        }
    )


def _changes(line: LogLine) -> Frame:
    """That the line has been changed, or which one it says has been; nothing for almost all lines."""
    state = {"state": line.state} if line.state else {}
    change = line.change
    if change is None:
        return state
    return {"change": {"seq": change.seq, "state": change.state, "text": change.text, "html": change.html}}


def _file(file: LineFile) -> Frame:
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "here": file.is_here,
    }


def suggestions_frame(draft: QuestionDraft, found: tuple[Suggestion, ...]) -> Frame:
    """What may answer a draft."""
    items = [{"article": each.article, "question": each.question} for each in found]
    return {"type": "suggestions", "id": draft.id, "items": items}


def status_frame(state: ChatState) -> Frame:
    queue = state.queue
    return {
        "status": state.status,
        "language": state.language,
        "agent": {"name": state.agent_name} if state.agent_name else None,
        "queue": {
            "position": queue.position,
            "agents_online": queue.agents_online,
            "wait_minutes": list(queue.wait_minutes) if queue.wait_minutes else None,
        }
        | ({"email_known": True} if queue.email_known else {})
        if queue
        else None,
    }
