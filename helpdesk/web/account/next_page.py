"""Where a sign-in leads to."""

import re

HOME = "/desk"
_NEXT = re.compile(r"/(?:desk|admin)(?:/[\w./~-]*)?(?:\?[\w=&%.+-]*)?", re.ASCII)


def safe_next(wanted: str | None) -> str:
    """Where to go after sign-in: a page of ours, never an address that somebody put into a link."""
    return wanted if wanted and ".." not in wanted and _NEXT.fullmatch(wanted) else HOME
