"""Where a request may go: never to what only this machine or its cloud may see, unless an admin says it is theirs.

The name is looked up once, every address it has is judged, and the one that was judged is the one that is called: a
second look-up could say something else (DNS rebinding).
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult

from store.errors import Invalid

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
        "64:ff9b:1::/48",  # whatever a NAT64 of this network makes of it
        "fd00:ec2::254/128",  # metadata at Amazon
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_IPV4_COMPATIBLE = ip_network("::/96")

type Address = IPv4Address | IPv6Address


class ForbiddenAddress(Invalid):
    """Nothing is sent there; the message says why."""

    code = "forbidden_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedAddress:
    """A judged address: what is called (`url`, with the number in place of the name) and the name it stands for.

    `host` is what belongs into the Host header, `name` what the certificate has to be of.
    """

    url: str
    host: str
    name: str


async def resolve(parts: SplitResult, *, own_network: bool, plain_http: bool = False) -> ResolvedAddress:
    """Look the name of an http or https address up and judge every address it has; `url` has no path.

    Raises `ForbiddenAddress`, `OSError` or `UnicodeError` for an unknown name.
    """
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        judge(address, scheme=parts.scheme, own_network=own_network, plain_http=plain_http)
    number = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
    name = str(parts.hostname)
    name = name if name.isascii() else name.encode("idna").decode()  # as it stands in a Host header
    shown = f"[{name}]" if ":" in name else name
    host = shown if parts.port is None else f"{shown}:{parts.port}"
    return ResolvedAddress(url=f"{parts.scheme}://{number}:{port}", host=host, name=name)


def judge(address: Address, *, scheme: str, own_network: bool, plain_http: bool = False) -> None:
    """Raises `ForbiddenAddress` when nothing may be sent to this address; `plain_http`: unencrypted is good enough."""
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
    if address.is_global and scheme != "https" and not plain_http:
        raise ForbiddenAddress("Outside your own network the address must begin with https://.", code="address_http")


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
