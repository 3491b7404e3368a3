"""The pages of figures: what they show, to whom, where they lead, and what is taken along."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from connectors.contract import Author, Channel
from helpdesk.insights.gaps import GapList, GapProgress
from helpdesk.insights.numbers.day_keeper import DayKeeper
from helpdesk.insights.numbers.day_rows import is_per_agent, load_days
from helpdesk.insights.numbers.figure_sums import Dimension
from helpdesk.web.numbers.ranges import read_numbers_query
from helpdesk.web.numbers.routes import number_routes
from store.db import Database
from store.models import Agent, Role
from tests.integration.staff import ORIGIN, House, StaffBrowser, make_house, staff_routes
from tests.past_days import PastDay, store_past_days

pytestmark = pytest.mark.sqlite_only

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 3)
MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SPAN = f"from={DAY}&to={DAY}"
C, B, A = Author.CONTACT, Author.BOT, Author.AGENT
NO_GAPS = GapList(open=(), answered=(), dismissed=(), asked=0, failed=0, customers=0, groups=0)


class StillReading:
    async def look(self, days: int, *, patience: float) -> GapList | GapProgress:
        return GapProgress(done=1, total=9) if days > 7 else NO_GAPS


@pytest.fixture
def house(db: Database) -> House:
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *number_routes(db=db, pages=pages, zone=BERLIN, gaps=StillReading()),
        ],
    )


async def store_agent(db: Database, name: str) -> str:
    async with db.write() as session:
        agent = Agent(email=f"{len(name)}@example.org", name=name, role=Role.AGENT, password_hash="")
        session.add(agent)
        await session.flush()
        return agent.id


def helped_by(agent: str, many: int, *, channel: Channel = Channel.EMAIL) -> Sequence[PastDay]:
    return [
        PastDay(
            at=MORNING + timedelta(minutes=number),
            customer=f"{agent}{number}",
            said=[(0, C, 0.9), (1, B, None), (9, A, None), (20, C, 0.1)],
            handoff=(1, 5, 31),
            agent=agent,
            topic="delivery",
            resolved=31,
            channel=channel,
        )
        for number in range(many)
    ]


async def count(db: Database) -> None:
    await DayKeeper(db, BERLIN, 90).count_days(DAY, DAY)


async def test_each_figure_says_of_how_many_it_is_and_leads_to_its_conversations(
    admin: StaffBrowser, db: Database
) -> None:
    mia = await store_agent(db, "<b>Mia")
    await store_past_days(db, helped_by(mia, 6))
    await count(db)

    page = (await admin.get(f"/desk/numbers?{SPAN}&by=agent")).text
    assert "&lt;b&gt;Mia" in page
    assert "Die Hälfte von 6." in page
    assert "Neun von zehn" not in page.split('id="meaning"')[0]  # of six nobody can say
    span = f"period=days&amp;from={DAY}&amp;to={DAY}"
    assert f"/desk?view=all&amp;{span}&amp;agent={mia}" in page
    of_mia = (await admin.get(f"/desk/numbers?{SPAN}&of=agent&value={mia}")).text
    assert "&lt;b&gt;Mia</span></h1>" in of_mia


async def test_an_empty_day_tells_so_and_odd_questions_are_refused(admin: StaffBrowser) -> None:
    page = await admin.get("/desk/numbers")
    assert page.status_code == 200
    assert "zum ersten Mal gezählt" in page.text
    assert "In diesen Tagen war nichts." in page.text
    odd = ("from=x", "days=-1", "days=9999", "of=nobody", "by=nobody", f"from={DAY}&to=2020-01-01", "from=0001-01-01")
    for asked in odd:
        assert (await admin.get(f"/desk/numbers?{asked}")).status_code in {400, 422}, asked
    for asked in ("format=pdf", "rows=all"):
        assert (await admin.get(f"/desk/numbers/export?{asked}")).status_code in {400, 422}, asked
    assert (await admin.get("/desk/numbers/week?week=2026-W99")).status_code in {400, 422}


async def test_an_agent_sees_no_colleague_and_nobody_does_once_it_is_off(house: House, db: Database) -> None:
    mia = await house.signed_in(Role.AGENT)
    jo = await store_agent(db, "Jo")
    await store_past_days(db, helped_by(jo, 6))
    await count(db)
    assert "Jo" not in (await mia.get(f"/desk/numbers?{SPAN}&by=agent")).text.split('id="apart"')[1]
    assert (await mia.get(f"/desk/numbers?{SPAN}&of=agent&value={jo}")).status_code == 403
    assert (await mia.get(f"/desk/numbers/export?{SPAN}&of=agent&value={jo}")).status_code == 403
    assert (await mia.fill("/desk/numbers", to="/desk/numbers/per-agent", on="on")).status_code == 403

    ada = await house.signed_in(Role.ADMIN, "ada@example.org", "Ada")
    assert "Jo" in (await ada.get(f"/desk/numbers?{SPAN}&by=agent")).text
    csrf = await ada.csrf(db)
    off = await ada.post("/desk/numbers/per-agent", data={"csrf": csrf, "on": ""}, headers={"origin": ORIGIN})
    assert off.status_code == 303
    assert not await is_per_agent(db)
    assert await load_days(db, Dimension.AGENT, DAY, DAY) == []
    assert (await ada.get(f"/desk/numbers?{SPAN}&of=agent&value={jo}")).status_code == 403
    assert "by=agent" not in (await ada.get(f"/desk/numbers?{SPAN}")).text


async def test_files_hold_the_figures_and_no_formula(admin: StaffBrowser, db: Database) -> None:
    evil = await store_agent(db, "=HYPERLINK(0)")
    await store_past_days(db, helped_by(evil, 6))
    await count(db)
    asked = f"/desk/numbers/export?{SPAN}&by=agent"

    answer = await admin.get(asked)
    assert f'filename="numbers-values-{DAY}-{DAY}.csv"' in answer.headers["content-disposition"]
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert (row["name"], row["inquiries"], row["wait_count"]) == ("'=HYPERLINK(0)", "6", "6")
    assert 240 <= int(row["wait_median_seconds"]) <= 286
    assert row["wait_ninetieth_seconds"] == ""  # of six nobody can say

    sheet = load_workbook(io.BytesIO((await admin.get(f"{asked}&format=xlsx")).content)).active
    assert sheet is not None
    cells = {str(head.value): cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["name"].data_type, cells["name"].value, cells["inquiries"].value) == ("s", "=HYPERLINK(0)", 6)
    days = (await admin.get(f"{asked}&rows=days")).content.decode("utf-8-sig").splitlines()
    assert days[1].startswith(f"{DAY};6;")


async def test_the_week_is_one_sheet_in_both_languages(house: House, db: Database) -> None:
    admin = await house.signed_in(Role.ADMIN)
    await store_past_days(db, helped_by(await store_agent(db, "Jo"), 6))
    await count(db)
    page = (await admin.get("/desk/numbers/week?week=2026-W45")).text
    assert "Woche 45: 2. November bis 8. November" in page
    assert "Anliegen: 6" in page
    assert "Nach Kanal: E-Mail 6" in page
    assert "Vollste Stunde: Dienstag, 10:00 bis 11:00 Uhr (6 Anliegen)" in page
    assert "Drei Lücken" not in page  # it is too long ago to be read again
    assert "Drei Lücken" in (await admin.get("/desk/numbers/week")).text

    async with db.write() as session:
        await session.execute(update(Agent).values(language="en"))
    page = (await admin.get("/desk/numbers/week?week=2026-W45")).text
    assert "Week 45: 2 November to 8 November" in page
    assert "Busiest hour: Tuesday, 10:00 to 11:00 (6 inquiries)" in page


def test_an_address_keeps_what_it_does_not_change() -> None:
    query = read_numbers_query({"from": "2026-11-01", "to": "2026-11-03", "of": "team", "value": "t1"}, DAY)
    assert query.address(by="topic") == "?from=2026-11-01&to=2026-11-03&by=topic&of=team&value=t1"
    assert query.address(days="7") == "?by=channel&of=team&value=t1&days=7"
    assert query.address(of=None, value=None) == "?from=2026-11-01&to=2026-11-03&by=channel"
    article = read_numbers_query({"of": "article", "value": "returns"}, DAY)
    assert article.desk_address() is None  # the desk's lists can't be narrowed to it
    assert (article.range.first, article.period) == (DAY - timedelta(days=27), 28)
