"""The address of a language model: its form here, where it may lead in `store/outgoing_addresses.py`."""

from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from store.outgoing_addresses import ForbiddenAddress, ResolvedAddress, resolve

MAX_URL_LENGTH = 500


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
    place = await resolve(parts, own_network=own_network)
    return replace(place, url=place.url + parts.path.rstrip("/"))
