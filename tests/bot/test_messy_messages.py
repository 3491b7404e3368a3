"""Messages as customers type them, through a whole installation: real search, real Rasa, real turns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from benchmarks.messy import ask_all, summary
from tests.e2e.installation import Installation, installed
from tests.services import wait_until

pytestmark = [pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(900)]

ONLY_IN_ENGLISH = {
    "key": "parrot-toys",
    "variants": {"en": {"question": "Do you sell toys for parrots?", "phrasings": ["parrot toys"], "answer": "We do."}},
}
ONLY_IN_GERMAN = {
    "key": "bee-hotel",
    "variants": {
        "de": {"question": "Wie hänge ich ein Bienenhotel auf?", "phrasings": ["bienenhotel"], "answer": "Nach Süden."}
    },
}


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home) as found:
        yield found


def test_what_customers_type_is_answered_in_order(installation: Installation) -> None:
    """Measured: of 70, 60 right, 2 or 3 asked back with the right choice, 7 or 8 wrong (docs/messages.md)."""
    came = list(ask_all(installation))

    right = sum(one.verdict == "right" for one in came)
    led_on = sum(one.verdict == "asked back" for one in came)
    assert right >= 0.83 * len(came), summary(came)
    assert right + led_on >= 0.87 * len(came), summary(came)


@pytest.mark.parametrize(
    ("asked", "language", "expected"),
    [
        ("verkauft ihr spielzeug für papageien", "de", "Diese Antwort gibt es bisher nur auf Englisch:\n\nWe do."),
        ("how do I put up a bee hotel", "en", "So far this answer is only available in German:\n\nNach Süden."),
    ],
)
def test_an_article_in_the_other_language_is_found_and_said_to_be_so(
    installation: Installation, tmp_path: Path, asked: str, language: str, expected: str
) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(json.dumps(article) for article in (ONLY_IN_ENGLISH, ONLY_IN_GERMAN)), encoding="utf-8")
    imported = installation.run("knowledge", "import", str(file))
    assert imported.returncode == 0, imported.stderr.decode()

    assert _answer(installation, asked, language)["text"] == expected


def _answer(installation: Installation, text: str, language: str) -> dict[str, Any]:
    key = installation.run("key", "add", uuid4().hex, "--scope", "conversations", "--scope", "messages").stdout.decode()
    with httpx.Client(
        base_url=f"{installation.origin}/api/v1", headers={"Authorization": f"Bearer {key.strip()}"}, trust_env=False
    ) as http:
        opened = {"contact": uuid4().hex, "language": language}
        path = f"/conversations/{http.post('/conversations', json=opened).raise_for_status().json()['id']}/messages"
        receipt = http.post(path, json={"client_id": "q", "text": text}).raise_for_status().json()
        said: list[dict[str, Any]] = []

        def look() -> bool:
            lines = http.get(path, params={"after": receipt["seq"]}).raise_for_status().json()["lines"]
            said.extend(line for line in lines if line["author"] == "bot")
            return bool(said)

        wait_until(look, "an answer", 30)
        return said[0]
