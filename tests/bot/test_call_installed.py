"""A call agreed with a whole installation: real search, real rules, as a customer of its REST API has it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.installation import Installation, installed
from tests.services import wait_until

pytestmark = [pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home) as found:
        yield found


@pytest.fixture(scope="module")
def http(installation: Installation) -> Iterator[httpx.Client]:
    key = installation.run("key", "add", uuid4().hex, "--scope", "conversations", "--scope", "messages").stdout.decode()
    headers = {"Authorization": f"Bearer {key.strip()}"}
    with httpx.Client(base_url=f"{installation.origin}/api/v1", headers=headers, trust_env=False) as client:
        yield client


class Conversation:
    """One contact's conversation; `say` waits for what is said to it."""

    def __init__(self, http: httpx.Client, language: str) -> None:
        opened = http.post("/conversations", json={"contact": uuid4().hex, "language": language}).raise_for_status()
        self.http, self.path = http, f"/conversations/{opened.json()['id']}"

    def say(self, text: str) -> str:
        sent = {"client_id": uuid4().hex, "text": text}
        receipt = self.http.post(f"{self.path}/messages", json=sent).raise_for_status().json()
        said: list[dict[str, Any]] = []

        def look() -> bool:
            answer = self.http.get(f"{self.path}/messages", params={"after": receipt["seq"]}).raise_for_status()
            said[:] = [line for line in answer.json()["lines"] if line["author"] in ("bot", "system")]
            return any(line["author"] == "bot" for line in said)

        wait_until(look, "an answer", 30)
        return "\n".join(line["text"] for line in said)

    @property
    def status(self) -> str:
        return str(self.http.get(self.path).raise_for_status().json()["card"]["status"])


def test_a_call_is_agreed_between_two_questions_and_waits_in_the_queue(http: httpx.Client) -> None:
    conversation = Conversation(http, "de")

    assert "Wann passt Ihnen ein Anruf?" in conversation.say("Können Sie mich bitte zurückrufen?")
    aside = conversation.say("Was kostet denn der Versand?")
    assert "4,95" in aside
    assert "Zurück zum Anruf" in aside
    assert "Unter welcher Nummer" in conversation.say("so bald wie möglich")
    assert "keine" in conversation.say("hm, weiß grad nicht")
    agreed = conversation.say("0170 1234567")
    assert "Abgemacht: Wir rufen Sie" in agreed
    assert "+49 170 1234567" in agreed
    assert conversation.status == "queued"


def test_whoever_wants_a_person_after_all_gets_one(http: httpx.Client) -> None:
    conversation = Conversation(http, "en")

    assert "When would a call suit you?" in conversation.say("Could somebody call me back?")
    conversation.say("Actually I want to talk to a real person here")

    assert conversation.status == "queued"


def test_a_call_that_is_called_off_leaves_the_bot_in_charge(http: httpx.Client) -> None:
    conversation = Conversation(http, "de")

    conversation.say("Ruft mich bitte an")
    assert "kein Anruf" in conversation.say("ach vergiss es")
    assert "Abgemacht" not in conversation.say("0170 1234567")

    assert conversation.status == "bot"
