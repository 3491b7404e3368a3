"""Where a request may go: never to what only this machine or its cloud may see, unless an admin says it is theirs.

The name is looked up once, every address it has is judged, and the one that was judged is the one that is called: a
second look-up could say something else (DNS rebinding).
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from store.errors import Invalid

MAX_URL_LENGTH = 500
_NEVER = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "100.100.100.200/32",  # metadata at Alibaba Cloud
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local, and metadata in most clouds
        "192.0.0.192/32",  # metadata at Oracle Cloud
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fd00:ec2::254/128",  # metadata at Amazon
        "fe80::/10",
        "ff00::/8",
    )
)

type Address = IPv4Address | IPv6Address


class ForbiddenAddress(Invalid):
    """Nothing is sent there; the message says why."""

    code = "forbidden_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedAddress:
    """A judged address: what is called (`url`, with the number in place of the name) and the name it stands for."""

    url: str
    host: str
    name: str


def read_url(url: str) -> SplitResult:
    """The address as it may be stored. Raises `ForbiddenAddress` for another form than https://host[:port]/path."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ForbiddenAddress(
            "The address isn't one; expected something like https://models.example.org/v1.", code="address_form"
        ) from None
    if len(url) > MAX_URL_LENGTH or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ForbiddenAddress("Expected an address like https://models.example.org/v1.", code="address_form")
    if parts.username or parts.password or parts.query or parts.fragment or any(c.isspace() for c in url):
        raise ForbiddenAddress(
            "The address must hold no name, password, question mark or #; the key has a field of its own.",
            code="address_secret",
        )
    return parts


async def find_place(url: str, *, own_network: bool) -> ResolvedAddress:
    """Look the name up and judge every address it has. Raises `ForbiddenAddress`, `OSError` for an unknown name."""
    parts = read_url(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        judge(address, scheme=parts.scheme, own_network=own_network)
    number = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
    name = str(parts.hostname)
    shown = f"[{name}]" if ":" in name else name
    host = shown if parts.port is None else f"{shown}:{parts.port}"
    return ResolvedAddress(url=f"{parts.scheme}://{number}:{port}{parts.path.rstrip('/')}", host=host, name=name)


def judge(address: Address, *, scheme: str, own_network: bool) -> None:
    """Raises `ForbiddenAddress` when nothing may be sent to this address."""
    address = _inner(address)
    if any(address in net for net in _NEVER if net.version == address.version):
        raise ForbiddenAddress(
            "This address belongs to the machine's own inside (link-local or metadata); never sent to.",
            code="address_inside",
        )
    if not address.is_global and not own_network:
        raise ForbiddenAddress(
            "This address is in your own network; tick that box if that is meant.", code="address_own_network"
        )
    if address.is_global and scheme != "https":
        raise ForbiddenAddress("Outside your own network the address must begin with https://.", code="address_http")


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in ip_network("64:ff9b::/96"):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
