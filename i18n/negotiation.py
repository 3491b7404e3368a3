"""Which of the languages that we have a reader likes best."""

from collections.abc import Collection

#: More language ranges than this are not read: the header comes from outside.
MAX_RANGES = 20


def accepted_language(header: str, offered: Collection[str]) -> str | None:
    """The offered language that an Accept-Language header likes best (RFC 9110, 12.5.4); None if it likes none."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:MAX_RANGES]:
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in offered:
            wanted.append((_quality(parameters), language))
    best = max(wanted, key=lambda pair: pair[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
