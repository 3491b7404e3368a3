"""What helpdesk doesn't load before somebody needs it: its start is short, and its memory small, because of that."""

import json
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr
from starlette.routing import BaseRoute, Route

from connectors.contract import Channel
from helpdesk.app import create_app
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from store.settings import Settings
from tests.fakes.embedder import LetterCounts

ROOT = Path(__file__).parents[2]
LATE = {
    "aiohttp": "a Slack workspace that is connected",
    "alembic": "a database is seldom behind",
    "PIL": "nobody: pictures have a process of their own",
    "boto3": "files in a bucket",
    "botocore": "files in a bucket",
    "bs4": "imports and folded answers",
    "defusedxml": "imports",
    "connectors.slack": "a Slack workspace that is connected",
    "connectors.telegram": "a Telegram bot that is connected",
    "emoji": "people in Slack who use one",
    "filetype": "files",
    "fastapi": "programs that use the REST API",
    "google.protobuf": "nobody",
    "opentelemetry": "installations that send spans",
    "grpc": "nobody",
    "holidays": "teams with public holidays",
    "mammoth": "documents of Word",
    "markdownify": "imports",
    "mwparserfromhell": "wikis",
    "openpyxl": "workbooks",
    "phonenumbers": "customers who leave a number",
    "pypdf": "PDF",
    "rasa_sdk": "nobody",
    "redis": "several instances with Redis",
    "requests": "installations that send spans",
    "sanic": "nobody",
    "scipy.cluster": "the admin's list of gaps",
    "scipy.linalg": "learning",
    "scipy.optimize": "learning",
    "scipy.special": "learning",
    "sklearn": "benchmarks",
    "slack_bolt": "a Slack workspace that is connected",
    "slack_sdk": "a Slack workspace that is connected",
    "snowballstemmer": "rewording by a language model",
    "xlrd": "workbooks of old",
    "telegram": "a Telegram bot that is connected",
}
"""By module: who needs it, when the time has come."""
PROGRAM = """
import json, sys
from pathlib import Path
from helpdesk.app import create_app
from store.settings import Settings
from tests.fakes.embedder import LetterCounts
create_app(Settings(home=Path(sys.argv[1]), secret_key="s" * 32, bot_secret="b" * 32), embedder=LetterCounts())
print(json.dumps(sorted(sys.modules)))
"""


def test_what_few_installations_use_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    loaded = set(json.loads(ran.stdout))

    assert "helpdesk.app" in loaded
    assert {name: why for name, why in LATE.items() if name in loaded} == {}


def test_the_doors_of_channels_on_demand_are_the_connectors(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key=SecretStr("s" * 32), bot_secret=SecretStr("b" * 32))
    parts = create_app(settings, embedder=LetterCounts()).state.parts
    on_demand = [each for each in parts.connectors.values() if isinstance(each, ConnectorOnDemand)]

    assert {each.channel for each in on_demand} == {Channel.TELEGRAM, Channel.SLACK, Channel.EMAIL}
    for each in on_demand:
        assert doors(each.routes(parts.inbox)) == doors(each.connector.routes(parts.inbox))


def doors(routes: list[BaseRoute]) -> set[tuple[str, str]]:
    """Path and method of each."""
    return {(route.path, method) for route in routes if isinstance(route, Route) for method in route.methods or ()}
