"""Whether a TCP port can be listened on, and which one could be used in its place."""

import errno
import socket
from ipaddress import ip_address

TRIES = 50


def is_free(host: str, port: int) -> bool:
    """True when a program may listen there now. Raises `OSError` for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def next_free(host: str, port: int) -> int | None:
    """The nearest free port above, to offer instead; None when the next fifty are taken too."""
    above = range(port + 1, min(port + 1 + TRIES, 65536))
    return next((candidate for candidate in above if is_free(host, candidate)), None)


def is_loopback(host: str) -> bool:
    """True when the name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def to_reach(host: str) -> str:
    """The address under which a program on this machine reaches something that listens on `host`."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
