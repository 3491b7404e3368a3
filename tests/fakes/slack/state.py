"""What is true in the fake workspace: people, channels, posts, files, and what goes wrong next."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from time import monotonic, time
from typing import Any

SCOPES = (
    "app_mentions:read,chat:write,commands,files:read,files:write,im:history,im:read,im:write,users:read,"
    "reactions:write"
)


class SlackFaultKind(StrEnum):
    """What may go wrong with a call."""

    ERROR = "error"  # 200 with ok: false
    STATUS = "status"
    RESET_BEFORE = "reset_before"  # the line breaks and nothing was done
    ODD_ECHO = "odd_echo"  # done, ok, and told of in a shape that nobody knows
    RESET_AFTER = "reset_after"  # done, and the line breaks before the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFault:
    """One thing that goes wrong with the next call of a method."""

    kind: SlackFaultKind
    error: str = ""
    status: int = 200
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPerson:
    """Somebody in the workspace, with the channel of their direct messages with us."""

    id: str
    dm: str
    name: str = "Ida Muster"
    locale: str = "de-DE"
    tz: str = "Europe/Berlin"
    team: str = "T0STAFFEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackChannel:
    """A channel that we are a member of."""

    id: str


@dataclass(slots=True, kw_only=True)
class SlackPost:
    """A post of ours."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    file: tuple[str, bytes] | None = None
    at: float = field(default_factory=monotonic)
    updates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackCall:
    """A call of the Web API."""

    method: str
    token: str
    arguments: dict[str, Any]
    at: float = field(default_factory=monotonic)


class SlackState:
    """One workspace."""

    def __init__(self) -> None:
        self.team, self.app_id = "T0STAFFEL", "A0STAFFEL"
        self.bot_user, self.bot_id = "U0STAFFEL", "B0STAFFEL"
        self.bot_token, self.app_token = "xoxb-of-the-fake", "xapp-of-the-fake"
        self.client_id, self.client_secret, self.code = "111.222", "client-secret-of-the-fake", "code-of-the-fake"
        self.signing_secret = "signing-secret-of-the-fake"
        self.scopes = SCOPES
        self.installed: dict[str, Any] = {}  # what `oauth.v2.access` says differently
        self.people: dict[str, SlackPerson] = {}
        self.posts: list[SlackPost] = []
        self.views: list[tuple[str, dict[str, Any]]] = []
        self.reactions: list[tuple[str, str, str]] = []  # channel, timestamp, name
        self.whispers: list[dict[str, Any]] = []
        self.calls: list[SlackCall] = []
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}
        self.file_requests: list[str] = []
        self.uploads: dict[str, bytes] = {}
        self.announced: dict[str, int] = {}
        self.faults: dict[str, list[SlackFault]] = defaultdict(list)
        self.missing_threads: set[str] = set()
        self.too_fast: list[SlackPost] = []
        self.revoked = False
        self.clock_ahead = 0.0
        self._numbers = count(1)

    def number(self) -> int:
        """A number nobody had before."""
        return next(self._numbers)

    def ts(self) -> str:
        """The name of a new message."""
        return f"{int(time())}.{self.number():06d}"

    def person(self, **known: str) -> SlackPerson:
        """Somebody new."""
        number = self.number()
        person = SlackPerson(id=f"U{number:07d}", dm=f"D{number:07d}", **known)
        self.people[person.id] = person
        return person

    def channel(self) -> SlackChannel:
        """A new channel."""
        return SlackChannel(id=f"C{self.number():07d}")

    def resolve(self, channel: str) -> str:
        """The channel behind an id: a person's is that of the direct messages with them."""
        return self.people[channel].dm if channel in self.people else channel

    def post(self, posted: SlackPost) -> None:
        """Keep a post, and note when it came faster than one a second in its channel."""
        newest = next((one for one in reversed(self.posts) if one.channel == posted.channel), None)
        if newest is not None and posted.at - newest.at < 0.95:
            self.too_fast.append(posted)
        self.posts.append(posted)

    def fail(self, method: str, kind: SlackFaultKind, error: str = "", **more: Any) -> None:
        """The next call of `method` goes wrong."""
        self.faults[method].append(SlackFault(kind=kind, error=error, **more))
