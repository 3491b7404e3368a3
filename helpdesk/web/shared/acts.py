"""What a request of staff is entered as in the audit log: named by its path, with what an endpoint says of it."""

import re
from collections.abc import Mapping

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from helpdesk.accounts.browsers import shortened_address
from helpdesk.accounts.keys import KeyHolder
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.audit import Actor, AuditAct

_CHANGES = frozenset({"POST", "DELETE", "PUT", "PATCH"})
#: The last word of addresses that are posted to and change nothing.
_TRIALS = frozenset({
    "unmask", "preview", "describe", "sentence", "touch", "try", "look", "ask", "presence", "check", "neighbours",
    "replay", "test", "key", "views", "drop", "language",
})  # fmt: skip
#: What the log of a conversation itself says, or a page that is only read.
_LOGGED_ELSEWHERE = frozenset({Capability.CONVERSATIONS, Capability.ANSWERS})
#: Where an endpoint for programs enters by itself what it does with a person's data.
_ENTERED_THERE = ("/privacy/people/", "/privacy/search")
#: A program has read what isn't one conversation: a list, contacts, figures, events.
PROGRAM_READS = "program.read"
_PREFIX = re.compile(r"^/(?:admin|account|desk)/(?:api/)?|^/")
#: A file that a customer or an agent has sent is a part of the conversation: reading that is what is entered.
_CONVERSATION_FILES = "/desk/api/conversations/{id}/files/"
#: Requests that aren't called what their address says, by method and address.
_NAMED = {
    ("GET", "/admin/export/{kind}"): "export.{kind}",
    ("GET", "/admin/privacy/receipts/{id}/receipt.json"): "privacy.receipts.export",
    ("POST", "/admin/privacy"): "privacy.search",
    ("GET", "/admin/privacy/people/{id}/data.json"): "privacy.people.export",
    ("GET", "/admin/privacy/people/{id}/archive.zip"): "privacy.people.export",
}


def actor_of(connection: HTTPConnection, agent: SignedInAgent) -> Actor:
    """The signed-in agent, and the network that they come from, shortened."""
    return Actor(kind="agent", id=agent.id, name=agent.name, address=network_of(connection))


def program_of(connection: HTTPConnection, holder: KeyHolder) -> Actor:
    """The program whose key came along, and the network that it asks from."""
    return Actor(kind="key", id=holder.id, name=holder.name, address=network_of(connection))


def network_of(connection: HTTPConnection) -> str:
    """The network that a request comes from: an address without its last part."""
    return shortened_address(connection.client.host) if connection.client else ""


def reading_of(conversation_id: str) -> AuditAct:
    """The entry of somebody who reads a conversation that isn't theirs."""
    return AuditAct(action="conversation.read", subject=conversation_id)


def describe_change(
    request: Request, *, before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None
) -> None:
    """Say what a request changes, in ids and single words; what stayed the same is left out."""
    was, now_ = _texts(before or {}), _texts(after or {})
    same = {name for name in was.keys() & now_.keys() if was[name] == now_[name]}
    request.state.changed = tuple({k: v for k, v in one.items() if k not in same} for one in (was, now_))


def act_of(request: Request, path: str, capability: Capability, response: Response) -> AuditAct | None:
    """The entry for a request that went well; `None` where nothing was changed or taken out."""
    named = _NAMED.get((request.method, path))
    is_download = _is_download(request, path, response)
    if response.status_code >= 400 or (capability in _LOGGED_ELSEWHERE and not is_download):
        return None
    words = [word for word in _PREFIX.sub("", path).split("/") if word and not word.startswith("{")]
    if named is None and not is_download and (request.method not in _CHANGES or words[-1] in _TRIALS):
        return None
    before, after = getattr(request.state, "changed", ({}, {}))
    area = "account." if path.startswith("/account/") else ""
    verb = "" if len(words) > 1 else ".save"
    ids = {name: str(value) for name, value in request.path_params.items()}
    return AuditAct(
        action=named.format(**ids) if named else area + ".".join(words) + verb,
        subject=":".join(ids.values()),
        before=before,
        after=after,
    )


def act_of_program(method: str, path: str, ids: Mapping[str, str]) -> AuditAct | None:
    """The entry for a request of a program's key that went well, by the path of its route.

    `None` for what is entered elsewhere: conversations in their own log and as readings, persons where it is done.
    """
    words = [word for word in path.split("/") if word and not word.startswith("{")]
    if (words[0] == "conversations" and ids) or path.startswith(_ENTERED_THERE) or words[-1] in _TRIALS:
        return None
    subject = ":".join(ids.values())
    if method in {"GET", "HEAD"}:
        return AuditAct(action=PROGRAM_READS, subject=subject, after={"what": ".".join(words)})
    if words[0] == "conversations":
        return None
    verb = ".remove" if method == "DELETE" else "" if len(words) > 1 else ".new" if method == "POST" else ".save"
    return AuditAct(action=".".join(words) + verb, subject=subject)


def _is_download(request: Request, path: str, response: Response) -> bool:
    """Whether the answer is a file to keep: then something is taken out, whichever route it is."""
    is_file = response.headers.get("content-disposition", "").startswith("attachment")
    return is_file and request.method == "GET" and not path.startswith(_CONVERSATION_FILES)


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)
        for name, value in facts.items()
    }
