"""The helpdesk's side of the line, as small as it can be: `actions/` behind HTTP, with a few fixed articles."""

import asyncio
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from actions import Actions, ArticleAnswer, RelatedArticle
from actions.callback.call_plan import CallPlan
from helpdesk.conversations.contacts.contact_details import read_phone
from helpdesk.conversations.promises.call_desk import plan_of
from helpdesk.schedule.hours import Hours
from tests.bot.shop_lookups import ShopLookups
from tests.fixed_hours import FixedHours

SECRET = "a secret of the tests, long enough for both"
ARTICLES = {
    ("delivery", "de"): ArticleAnswer(
        key="delivery",
        language="de",
        question="Wo ist mein Paket?",
        answer="Den Stand Ihrer Lieferung sehen Sie unter **Meine Bestellungen**.",
        related=(RelatedArticle(key="returns", question="Wie sende ich etwas zurück?"),),
    ),
    ("delivery", "en"): ArticleAnswer(
        key="delivery", language="en", question="Where is my parcel?", answer="You see the state under **My orders**."
    ),
    ("returns", "de"): ArticleAnswer(
        key="returns",
        language="de",
        question="Wie sende ich etwas zurück?",
        answer="1. Etikett drucken.\n2. Paket abgeben.",
    ),
}


class FixedAnswers:
    """An AnswerSource that knows `ARTICLES`, in the wanted language or in German."""

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        return ARTICLES.get((key, language)) or ARTICLES.get((key, "de"))


NINE_TO_FIVE = ((timedelta(hours=9), timedelta(hours=17)),)
OFFICE = Hours(zone=ZoneInfo("Europe/Berlin"), week=(*[NINE_TO_FIVE] * 5, (), ()))
THURSDAY = datetime(2026, 11, 26, 14, 0, tzinfo=OFFICE.zone)


class FixedCallDesk:
    """A CallDesk from Monday to Friday, 9 to 17, on a Thursday at 14:00."""

    async def load_plan(self, language: str) -> CallPlan:
        return plan_of(OFFICE, THURSDAY, language)

    async def load_phone(self, conversation_id: str) -> str | None:
        return None

    def read_phone(self, text: str) -> str | None:
        return read_phone(text)


type Run = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class ActionServer:
    """What the bot called, over how many connections, and whether the next calls fail or are answered wrongly."""

    url: str
    lookups: ShopLookups
    failing: bool = False
    answer: dict[str, Any] | None = None
    connections: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def running_action_server(run: Run | None = None) -> Iterator[ActionServer]:
    """Actions behind HTTP: over what is fixed here, or what `run` does with a call."""
    lookups = ShopLookups()
    actions = Actions(FixedAnswers(), FixedCallDesk(), lookups, FixedHours())
    run_action = run or (lambda call: asyncio.run(actions.run(call)))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections

        def setup(self) -> None:
            super().setup()
            state.connections += 1

        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.calls.append(call)
            knows_secret = hmac.compare_digest(self.headers.get("X-Staffel-Secret", ""), SECRET)
            if state.failing or not knows_secret:
                self._send(500 if knows_secret else 403, {"error": "refused"})
                return
            self._send(200, state.answer or run_action(call))

        def _send(self, status: int, body: dict[str, Any]) -> None:
            encoded = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = ActionServer(url=f"http://127.0.0.1:{server.server_port}/internal/actions/webhook", lookups=lookups)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
