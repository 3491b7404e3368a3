"""The documentation says what is, and all of it."""

import re
from pathlib import Path

import pytest

from helpdesk.app import create_app
from helpdesk.handoff.states import TRANSITIONS
from helpdesk.observability import metrics
from helpdesk.web.shared.access import access_of, capability_of
from store.failpoints import Failpoint
from store.status import Event, Status
from tests.fakes.embedder import LetterCounts
from tests.harness import settings_for

ROOT = Path(__file__).parent.parent.parent
ROUTE = re.compile(r"^\| `(/[^`]*)` \| (\w+) \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_table_of_routes_has_every_route_and_no_other(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"), embedder=LetterCounts())
    real = {(getattr(route, "path", ""), str(capability_of(route) or access_of(route))) for route in app.routes}

    assert set(ROUTE.findall(read("docs/routes.md"))) == real


def test_the_table_of_transitions_is_the_real_one() -> None:
    table = read("docs/architecture.md").partition("| from | event | to |")[2].partition("\n\n")[0]
    documented = {
        (Status(before), Event(event)): Status(after)
        for starts, events, after in re.findall(r"^\| ([a-z, ]+) \| ([a-z_, ]+) \| ([a-z]+) \|$", table, re.MULTILINE)
        for before in starts.split(", ")
        for event in events.split(", ")
    }
    assert documented == TRANSITIONS


def test_every_status_is_in_the_glossary() -> None:
    glossary = read("docs/glossary.md")
    assert all(f"`{status}`" in glossary for status in Status)


def test_every_failpoint_is_passed_somewhere_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "helpdesk").rglob("*.py"))
    passed = set(re.findall(r"(?:failpoint\(|after_commit = )Failpoint\.(\w+)", code))
    assert passed == {place.name for place in Failpoint}


@pytest.mark.parametrize(
    "page", sorted(path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(read(str(page))):
        assert (ROOT / page.parent / target).exists(), f"{page} links to {target}"


def test_every_metric_is_counted_and_documented() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "helpdesk").rglob("*.py") if path.name != "metrics.py"
    )
    operations = read("docs/operations.md")
    named = {name: metric.describe()[0].name for name, metric in vars(metrics).items() if name.isupper()}

    assert len(named) >= 10
    assert [name for name in named if f"metrics.{name}." not in code] == []
    assert [name for name, shown in named.items() if shown not in operations] == []
