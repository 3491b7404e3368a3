"""Where a session lives: the browser and system that a user agent names, and the network without the machine in it."""

from ipaddress import IPv4Address, ip_address, ip_network
from typing import NamedTuple

#: What a user agent must hold, and what that is called; the first that fits counts, as most name others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class BrowserName(NamedTuple):
    """Names as their makers write them; empty where the user agent names none that we know."""

    browser: str
    system: str


def browser_name(user_agent: str) -> BrowserName:
    """What people call the program and the system behind a user agent."""
    return BrowserName(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def shortened_address(address: str) -> str:
    """Three of an IPv4 address's four numbers, three of an IPv6 address's eight groups; empty for anything else."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if isinstance(parsed, IPv4Address):
        return f"{str(parsed).rpartition('.')[0]}.…"
    network = ip_network(f"{parsed}/48", strict=False)
    groups = network.network_address.exploded.split(":")[:3]
    return ":".join(f"{int(group, 16):x}" for group in groups) + ":…"


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in table if sign in user_agent), "")
