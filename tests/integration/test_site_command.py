"""`staffel knowledge import https://…`, as a program of its own."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from knowledge.articles import drafts
from knowledge.sites.site_store import load_source
from store.db import Database
from tests.fakes.web_site import faq_page, serve_site

ROOT = Path(__file__).parents[2]


async def staffel(home: Path, database_url: str, *arguments: str, hosts: str = "") -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("STAFFEL_")},
        "STAFFEL_HOME": str(home),
        "STAFFEL_DATABASE_URL": database_url,
        "STAFFEL_SITE_HOSTS": hosts,
    }
    command = [sys.executable, "-m", "helpdesk.host.cli", "knowledge", "import", *arguments]
    pipe = asyncio.subprocess.PIPE
    ran = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)
    out, err = await ran.communicate()
    return ran.returncode or 0, out.decode(), err.decode()


@pytest.mark.sqlite_only
async def test_a_site_is_imported_from_the_command_line(db: Database, database_url: str, tmp_path: Path) -> None:
    async with serve_site() as site:
        site.put(
            "/help",
            faq_page(("How long are the oars?", "Every oar is 2.4 metres long."), more='<a href="/help/b">b</a>'),
        )
        site.put("/help/b", "<h1>Nothing</h1>")

        status, out, err = await staffel(tmp_path, database_url, f"{site.url}/help", hosts=f"127.0.0.1:{site.port}")

    lines = out.splitlines()
    assert status == 0, err
    assert lines[-1] == "1 articles read: 1 new, 0 changed, 1 passed over."
    assert lines[0] == f"passed by  {site.url}/help/b: No question with an answer was found on the page."
    assert "1 questions" in err
    assert (await drafts.load(db, "how-long-are-the-oars")).published is not None
    source = await load_source(db, "how-long-are-the-oars")
    assert source is not None
    assert source.url == f"{site.url}/help"


@pytest.mark.sqlite_only
async def test_a_site_inside_of_the_own_network_is_refused_with_what_to_do(database_url: str, tmp_path: Path) -> None:
    async with serve_site() as site:
        status, out, err = await staffel(tmp_path, database_url, f"{site.url}/help")

        assert site.requests == []
    assert (status, out) == (1, "")
    assert "STAFFEL_SITE_HOSTS" in err
