"""The actions as the domain names them, their wordings, and the memory that they read."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from actions import ACTION_NAMES, Actions, UnknownAction, acknowledgements, words
from actions.memory import read_memory
from actions.words import Wordings, choose, voice_of
from tests.action_conversation import Articles

ALL_WORDINGS = [
    (f"{module.__name__}.{name}", wordings)
    for module in (words, acknowledgements)
    for name, wordings in vars(module).items()
    if name.isupper() and isinstance(wordings, tuple) and all(isinstance(wording, str) for wording in wordings)
]


@pytest.mark.parametrize(("name", "wordings"), ALL_WORDINGS)
def test_every_wording_keeps_to_its_form_of_address(name: str, wordings: Wordings) -> None:
    for formality, others in (("sie", {"du", "dir", "dich", "dein"}), ("du", {"Sie", "Ihnen", "Ihr", "Ihre"})):
        for wording in map(voice_of("de", formality).gettext, wordings):
            said = set(wording.replace(".", " ").replace(",", " ").replace("?", " ").split())
            assert not said & others, f"{name}: {wording}"


def test_wordings_come_in_turn() -> None:
    wordings: Wordings = ("one", "two")
    english = voice_of("en", "sie")

    assert choose(wordings, english, []) == "one"
    assert choose(wordings, english, ["one"]) == "two"
    assert choose(wordings, english, ["one", "two"]) == "one"
    assert choose(wordings, english, ["well: two", "well: one"]) == "two"


def test_the_actions_are_those_of_the_domain() -> None:
    domain = (Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8")
    listed = domain.partition("\nactions:\n")[2].partition("\n\n")[0]

    assert {line.removeprefix("  - ") for line in listed.splitlines()} == ACTION_NAMES


@pytest.mark.parametrize("call", [{"next_action": "action_dance"}, {"next_action": None}, {}])
def test_an_action_that_is_not_there_is_refused_by_its_name(call: dict[str, Any]) -> None:
    with pytest.raises(UnknownAction) as refused:
        asyncio.run(Actions(Articles()).run(call))
    assert refused.value.name == (call.get("next_action") or "")


def test_a_conversation_without_anything_can_be_read() -> None:
    past = read_memory({}, {}, [])

    assert (past.language, past.formality, past.misses, past.last) == ("de", "sie", 0, None)
