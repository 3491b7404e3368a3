"""How heavy the desk is to load for the first time: its page with every script and style that it brings along."""

import gzip
import re
from urllib.parse import urljoin

import pytest

from helpdesk.conversations import Conversations
from tests.integration.desk_client import desk_of, waiting
from tests.integration.staff import House, StaffBrowser

pytestmark = pytest.mark.sqlite_only

MAX_KILOBYTES = 150
_BROUGHT = re.compile(r"""<(?:script|link)\b[^>]*\b(?:src|href)="(/static/[^"]+)\"""")
_IMPORTED = re.compile(
    r"""^\s*(?:import|export)\b[^;]*?["'](\.{1,2}/[^"']+\.js|/static/[^"']+\.js)["']""", re.MULTILINE
)
_STYLED = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']|url\(["']?([^"')]+)["']?\)""")


async def weights_of(browser: StaffBrowser, address: str) -> dict[str, int]:
    """Bytes on the line, as gzip makes them, by address: a page, and whatever it names, and what that names."""
    found: dict[str, int] = {}
    waiting_for = [address]
    while waiting_for:
        one = waiting_for.pop()
        if one in found or one.startswith("data:"):
            continue
        answer = await browser.get(one)
        assert answer.status_code == 200, one
        found[one] = len(gzip.compress(answer.content, 6))
        named = [*_BROUGHT.findall(answer.text)] if one == address else []
        if one.endswith(".js"):
            named = _IMPORTED.findall(answer.text)
        elif one.endswith(".css"):
            named = [a or b for a, b in _STYLED.findall(answer.text)]
        waiting_for += [urljoin(one, each) for each in named]
    return found


async def test_the_first_load_of_the_desk_is_light(
    house: House, conversations: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    mia = await desk_of(house)
    for number in range(50):
        await waiting(conversations, chat_id=f"v{number}")
    weights = await weights_of(mia.browser, "/desk")
    lists = await mia.browser.get("/desk/api/conversations?view=queue")
    weights["the list"] = len(gzip.compress(lists.content, 6))
    total = sum(weights.values()) / 1000
    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:5]
    with capsys.disabled():
        print(f"\nfirst load of the desk: {total:.1f} KB in {len(weights)} answers; heaviest: {heaviest}")  # noqa: T201
    assert sum(one.endswith(".js") for one in weights) > 20, "the scripts of the desk are found by what imports them"
    assert total <= MAX_KILOBYTES, heaviest
