"""The admin pages' API: articles, the team, and the numbers of the overview."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.accounts.agents import find_agent
from helpdesk.conversations import Conversations
from helpdesk.host.cli.agent import agent as agent_command
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.web.admin.overview.figures import DAYS, load_overview
from helpdesk.web.admin.overview.handoff_figures import load_handoff_figures
from i18n import locale_of
from store.db import Database
from store.models import Message, Promise, PromiseKind
from store.settings import Settings
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.integration.staff import ORIGIN, House, StaffBrowser

CONTENT = {"variants": {"de": {"question": "Wie?", "answer": "**So**.", "phrasings": ["wie geht das"]}}}


async def post(browser: StaffBrowser, path: str, body: object) -> httpx.Response:
    return await browser.post(f"/admin/api/{path}", json=body)


async def test_an_article_goes_from_draft_to_customers_and_away(admin: StaffBrowser) -> None:
    made = await post(admin, "articles/how/draft", {"content": CONTENT, "version": None})
    assert (made.status_code, made.json()["state"], made.json()["has_draft"]) == (201, "draft", True)
    published = await post(admin, "articles/how/publish", {"version": made.json()["version"]})
    assert (published.json()["state"], published.json()["has_draft"]) == ("published", False)
    archived = await post(admin, "articles/how/archive", {"version": published.json()["version"]})
    assert archived.json()["state"] == "archived"
    restored = await post(admin, "articles/how/restore", {"version": archived.json()["version"]})
    assert restored.json()["state"] == "published"


async def test_a_draft_that_never_was_published_can_be_thrown_away(admin: StaffBrowser) -> None:
    made = await post(admin, "articles/how/draft", {"content": CONTENT})
    gone = await post(admin, "articles/how/discard", {"version": made.json()["version"]})
    assert gone.json() == {"gone": True}
    page = await admin.get("/admin/articles/edit/how")
    assert page.status_code == 404


async def test_two_editors_do_not_overwrite_each_other(admin: StaffBrowser) -> None:
    made = await post(admin, "articles/how/draft", {"content": CONTENT})
    version = made.json()["version"]
    assert (await post(admin, "articles/how/draft", {"content": CONTENT, "version": version})).status_code == 200
    late = await post(admin, "articles/how/draft", {"content": CONTENT, "version": version})
    assert late.status_code == 409
    assert late.json()["error"]["message"].startswith("Ada hat diesen Artikel")


@pytest.mark.parametrize(
    "body",
    [
        {"content": {"variants": {}}},
        {"content": {"variants": {"de": {"question": "x"}}}},
        {"content": CONTENT, "state": "published"},
        {"content": CONTENT, "version": "1"},
        {},
    ],
)
async def test_what_is_no_article_is_refused(admin: StaffBrowser, body: object) -> None:
    assert (await post(admin, "articles/how/draft", body)).status_code == 422


async def test_the_list_is_searched_and_filtered_and_keeps_markup_as_text(admin: StaffBrowser) -> None:
    hostile = {"variants": {"de": {"question": "<b>Fett</b>?", "answer": "x", "phrasings": []}}}
    await post(admin, "articles/bold/draft", {"content": hostile})
    made = await post(admin, "articles/how/draft", {"content": CONTENT})
    await post(admin, "articles/how/publish", {"version": made.json()["version"]})
    everything = (await admin.get("/admin/articles")).text
    assert "&lt;b&gt;Fett&lt;/b&gt;?" in everything
    assert "/edit/how" in everything
    assert "/edit/how" not in (await admin.get("/admin/articles?q=fett")).text
    assert "/edit/bold" not in (await admin.get("/admin/articles?state=published")).text
    assert "/edit/how" not in (await admin.get("/admin/articles?state=draft")).text
    assert (await admin.get("/admin/articles?state=x&page=999999&q=%25%27")).status_code == 200


async def test_somebody_joins_changes_role_leaves_and_comes_back(admin: StaffBrowser, house: House) -> None:
    made = await post(admin, "agents", {"email": "jo@example.org", "name": "Jo", "role": "agent"})
    jo, first = made.json()["id"], made.json()["link"]
    second = (await post(admin, f"agents/{jo}/link", {})).json()["link"]
    assert first != second
    assert (await house.browser().get(first.removeprefix(ORIGIN))).status_code == 404, "the newer link ends the older"
    assert (await post(admin, f"agents/{jo}/role", {"role": "admin"})).json()["role"] == "admin"
    assert (await post(admin, f"agents/{jo}/deactivate", {})).json() == {"id": jo, "active": False}
    assert (await post(admin, f"agents/{jo}/link", {})).status_code == 404
    assert (await post(admin, f"agents/{jo}/reactivate", {})).json()["link"]
    assert (await admin.get("/admin/agents")).text.count("<tr data-agent") == 2


async def test_nobody_closes_their_own_account_or_the_last_admins(admin: StaffBrowser, house: House) -> None:
    ada = (await find_agent(house.db, "ada@example.org")).id
    assert (await post(admin, f"agents/{ada}/deactivate", {})).json()["error"]["code"] == "yourself"
    assert (await post(admin, f"agents/{ada}/role", {"role": "agent"})).json()["error"]["code"] == "last_admin"


@pytest.mark.parametrize(
    "body",
    [
        {"email": "jo", "name": "Jo", "role": "agent"},
        {"email": "jo@example.org", "name": "", "role": "agent"},
        {"email": "jo@example.org", "name": "Jo", "role": "boss"},
        {"email": "jo@example.org", "name": "Jo", "role": "agent", "active": False},
        {"email": "jo@example.org", "name": "Jo", "role": "agent", "password_hash": "x"},
    ],
)
async def test_an_odd_newcomer_is_refused(admin: StaffBrowser, body: object) -> None:
    assert (await post(admin, "agents", body)).status_code == 422


async def test_the_overview_counts_what_is_there(admin: StaffBrowser, house: House, db: Database) -> None:
    conversations, accepted = Conversations(db, ChangeHints(), Settings(_env_file=None)), ""
    for n in range(3):
        address = Address(channel=Channel.WEBCHAT, account="main", chat_id=f"v{n}")
        received = await drive(conversations).receive(
            InboundMessage(address=address, contact_id=f"v{n}", external_id=f"v{n}-1", text="Hallo")
        )
        if n:
            trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,))
            await drive(conversations).request_handoff(received.conversation_id, [trigger])
        accepted = received.conversation_id
    await drive(conversations).accept(accepted, (await find_agent(db, "ada@example.org")).id)
    overview = await load_overview(db, at=datetime.now(UTC), locale=locale_of("de"), zone=UTC)
    assert (overview.waiting, overview.assigned, overview.agents_online) == (1, 1, 0)
    assert (overview.today.conversations, overview.today.handoffs) == (3, 2)
    assert len(overview.days) == DAYS
    tomorrow = await load_overview(db, at=datetime.now(UTC) + timedelta(days=1), locale=locale_of("de"), zone=UTC)
    assert (tomorrow.days[-2].conversations, tomorrow.today.conversations) == (3, 0)
    page = (await admin.get("/admin", headers={"accept": "text/html"})).text
    assert page.count('<rect class="all"') == DAYS
    assert "http_503" in page, "the bot isn't there, and the page says so"


async def test_the_days_of_the_overview_are_those_of_the_company(db: Database) -> None:
    conversations = Conversations(db, ChangeHints(), Settings(_env_file=None))
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id="v")
    await drive(conversations).receive(InboundMessage(address=address, contact_id="v", external_id="v-1", text="Hallo"))
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # in Berlin it is July already
    async with db.write() as session:
        await session.execute(update(Message).values(created_at=late))

    for zone, day in ((UTC, "2026-06-30"), (ZoneInfo("Europe/Berlin"), "2026-07-01")):
        overview = await load_overview(db, at=datetime(2026, 7, 3, 12, tzinfo=UTC), locale=locale_of("de"), zone=zone)
        assert [str(one.date) for one in overview.days if one.conversations] == [day]


def test_the_command_line_adds_lists_links_and_closes(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("STAFFEL_PUBLIC_URL", ORIGIN)

    def run(*arguments: str, stdin: str = "") -> str:
        result = CliRunner().invoke(agent_command, list(arguments), input=stdin)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nobody yet" in run("list")
    assert f"{ORIGIN}/invitation/" in run("link", "--first-admin")
    assert "30 minutes" not in run("add", "anna.berg@example.org")
    run("add", "ada@example.org", "--admin", "--password-stdin", stdin="lampe wiese turnschuh\n")
    assert "30 minutes" in run("link", "ada@example.org")
    listed = run("list")
    assert "Anna Berg" in listed
    assert "invited" in listed
    assert "signed out everywhere" in run("deactivate", "anna.berg@example.org")
    assert "closed" in run("list")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "nonsense"], "e-mail address"),
        (["add", "a@example.org", "--password-stdin"], "at least 12 characters"),
        (["link", "nobody@example.org"], "no agent"),
        (["link"], "Give either"),
        (["deactivate", "nobody@example.org"], "no agent"),
    ],
)
def test_the_command_line_says_what_is_wrong(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", sqlite_url)
    result = CliRunner().invoke(agent_command, arguments, input="kurz\n")
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output


async def test_the_overview_tells_how_the_baton_was_passed(admin: StaffBrowser, db: Database) -> None:
    at = datetime.now(UTC)
    conversations, ids = Conversations(db, ChangeHints(), Settings(_env_file=None)), list[str]()
    for n, kind in enumerate((TriggerKind.ASKED, TriggerKind.ASKED, TriggerKind.LIMBO)):
        address = Address(channel=Channel.WEBCHAT, account="main", chat_id=f"v{n}")
        received = await drive(conversations).receive(
            InboundMessage(address=address, contact_id=f"v{n}", external_id=f"v{n}-1", text="Hallo")
        )
        await drive(conversations).request_handoff(
            received.conversation_id, [Trigger(kind=kind, turns=(received.seq,))]
        )
        ids.append(received.conversation_id)
    ada = (await find_agent(db, "ada@example.org")).id
    await drive(conversations).accept(ids[0], ada)
    await drive(conversations).release(ids[0], ada, lost=True)
    await drive(conversations).accept(ids[1], ada)
    due = {"conversation_id": ids[1], "kind": PromiseKind.OTHER, "text": "…", "due_at": at - timedelta(hours=1)}
    async with db.write() as session:
        session.add_all(
            [
                Promise(**due, kept_at=at),
                Promise(**due, kept_at=at),
                Promise(**due, broken_at=at),
                Promise(**due, kept_at=at, broken_at=at),
                Promise(**due, withdrawn_at=at),
                Promise(**due),
                Promise(**due | {"due_at": at - timedelta(days=40), "broken_at": at}),
            ]
        )
    numbers = await load_handoff_figures(db, at=at, locale=locale_of("de"), zone=UTC)
    assert (numbers.handoffs, numbers.mended) == (3, 2)
    assert [(reason.kind, reason.count) for reason in numbers.reasons] == [("asked", 2), ("limbo", 1)]
    assert (numbers.waits.accepted, numbers.waits.median) == (1, 1)
    assert (numbers.promises.kept, numbers.promises.broken, numbers.promises.share) == (2, 2, 50)
    page = (await admin.get("/admin", headers={"accept": "text/html"})).text
    assert "2 von 4 fälligen gehalten (50 %)" in page
