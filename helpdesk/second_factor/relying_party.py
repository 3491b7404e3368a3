"""What passkeys are bound to: the name of the host that staff sign in at (WebAuthn, section 13.4.9)."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """`id` is the host's name, `origin` the address as browsers write it, `name` what people read."""

    id: str
    origin: str
    name: str


def relying_party(address: str, name: str) -> RelyingParty | None:
    """The relying party at an address; `None` where browsers have no passkeys: without https, or without a name.

    `localhost` needs no https (W3C, Secure Contexts, section 3.1).
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and _is_own_machine(host))
    if not host or not is_secure or _is_number(host):
        return None
    suffix = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return RelyingParty(id=host, origin=f"{parts.scheme}://{host}{suffix}", name=name)


def _is_own_machine(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
