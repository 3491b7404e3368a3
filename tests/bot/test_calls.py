"""Calls agreed with the real bot: corrected, interrupted, called off, handed over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]

from bot_protocol import ArticleCandidate, TurnContext
from tests.bot.process import Bot, texts

DIALOGUES = yaml.safe_load((Path(__file__).parent / "call_dialogues.yml").read_text(encoding="utf-8"))
DELIVERY = ArticleCandidate(key="delivery", question="Wo ist mein Paket?", confidence=0.93)
ARTICLE = {"de": "Den Stand Ihrer Lieferung", "en": "You see the state"}
ENOUGH = 0.95

pytestmark = [pytest.mark.bot, pytest.mark.timeout(700)]


@dataclass
class Talk:
    """A conversation with the bot, as helpdesk would have it."""

    bot: Bot
    language: str
    sender: str = field(default_factory=lambda: uuid4().hex)
    said: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        if line.startswith("> "):
            self._ask(payload=self._button(line[2:]), context=self._context(searched=False))
        elif line.startswith("? "):
            self._ask(text=line[2:], context=self._context(searched=True, found=(DELIVERY,)))
            if not any(ARTICLE[self.language] in texts(reply) for reply in self.said):  # it is given once
                self.wrong.append(f"{line}: not answered but {texts(self.said[-1])!r}")
        else:
            self._ask(text=line, context=self._context(searched=True))

    @property
    def ending(self) -> str:
        """How it stands after the last line, in the words of the file."""
        custom = [message.get("custom", {}) for message in self.said[-1]["messages"]]
        call: dict[str, str] = next((one["call"] for one in custom if "call" in one), {})
        if any("handoff" in one for one in custom):
            return " ".join(("person", call.get("phone", ""))).strip()
        if "start" in call:
            return f"agreed {call['start'][:16]} {call['phone']}"
        awaited = next((one["awaits"] for one in custom if "awaits" in one), None)
        return f"open {awaited}" if awaited else "cancelled"

    def _ask(self, context: TurnContext, **turn: Any) -> None:
        self.said.append(self.bot.ask(sender=self.sender, metadata=context.to_json(), **turn))
        assert self.said[-1]["status"] == "ok", self.said[-1]

    def _context(self, *, searched: bool, found: tuple[ArticleCandidate, ...] = ()) -> TurnContext:
        outcome = ("answer" if found else "none") if searched else None
        return TurnContext(
            language=self.language, formality="sie", channel="webchat", outcome=outcome, candidates=found
        )

    def _button(self, title: str) -> str:
        choices = [choice for message in self.said[-1]["messages"] for choice in message.get("choices", [])]
        payload = next((choice["payload"] for choice in choices if title in choice["title"]), None)
        assert payload, f"{title!r} is not among {[choice['title'] for choice in choices]}"
        return str(payload)


def misses(bot: Bot) -> Iterator[str]:
    """What went wrong in each dialogue in which something did."""
    for dialogue in DIALOGUES:
        talk = Talk(bot=bot, language=dialogue["language"])
        for line in dialogue["says"]:
            talk.say(line)
        wrong = list(talk.wrong)
        if talk.ending != dialogue["ends"]:
            said = [texts(reply) for reply in talk.said]
            wrong.append(f"{dialogue['says']}: {talk.ending!r}, expected {dialogue['ends']!r}; the bot said {said}")
        if wrong:
            yield "; ".join(wrong)


def test_form_dialogues_end_as_they_should(bot: Bot) -> None:
    found = list(misses(bot))

    assert len(DIALOGUES) >= 30
    assert len(found) <= (1 - ENOUGH) * len(DIALOGUES), "\n".join(found)


def test_a_time_that_fits_is_confirmed_with_its_date_before_the_number_is_asked(bot: Bot) -> None:
    talk = Talk(bot=bot, language="de")

    talk.say("Rückruf bitte")
    talk.say("am 3. Dezember um 10")

    (asked,) = talk.said[-1]["messages"]
    assert asked["text"].startswith("Am Donnerstag, 3. Dezember, 10 bis 11 Uhr")
    assert asked["custom"] == {"awaits": "callback_phone"}


def test_the_form_proposes_times_within_the_hours(bot: Bot) -> None:
    talk = Talk(bot=bot, language="de")

    talk.say("Rückruf bitte")

    (asked,) = talk.said[-1]["messages"]
    assert asked["custom"] == {"awaits": "callback_time"}
    assert [choice["title"] for choice in asked["choices"]] == [
        "heute, 14:30 bis 16:30 Uhr",
        "morgen, 9 bis 11 Uhr",
        "morgen, 13 bis 15 Uhr",
        "Doch kein Anruf",
    ]
