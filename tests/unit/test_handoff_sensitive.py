"""The list of sensitive topics, and the words that an admin writes."""

import re

import pytest

from helpdesk.handoff.rules.topics import TOPICS
from helpdesk.handoff.sensitive_topics import SensitiveTopic, find_topics, pattern_of


def names(text: str) -> list[str]:
    return [touched.topic.name for touched in find_topics(text, TOPICS)]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Sie hören von meiner Anwältin", "legal"),
        ("you'll hear from my attorney", "legal"),
        ("ich mach eine Anfrage nach DSGVO", "data_protection"),
        ("please erase all my data", "data_protection"),
        ("mein sohn hat einen stromschlag bekommen", "injury"),
        ("my toaster caught fire", "injury"),
        ("ich bring mich um", "self_harm"),
        ("I want to kill myself", "self_harm"),
        ("dann gehe ich an die Presse", "press"),
        ("someone hacked my account", "fraud"),
        ("hiermit kuendige ich", "cancellation"),
        ("Ich möchte mein Abo kündigen", "cancellation"),
        ("please cancel my yearly subscription", "cancellation"),
        ("wie kann ich kündigen?", None),
        ("Wie lang ist die Kündigungsfrist?", None),
        ("how do I cancel my subscription?", None),
        ("wo ist mein Paket", None),
        ("we are bleeding money here", None),
        ("my wallet is bleeding, can I pay later", None),
        ("my wallet fell on me and I am bleeding", "injury"),
    ],
)
def test_topics_are_found_by_their_words(text: str, topic: str | None) -> None:
    assert names(text) == ([topic] if topic else [])


def test_the_words_found_are_those_of_the_text() -> None:
    text = "Ich schalte meinen RECHTSANWALT ein."
    assert [touched.text for touched in find_topics(text, TOPICS)] == ["RECHTSANWALT"]


@pytest.mark.parametrize(
    ("words", "text", "fits"),
    [
        ("anwalt*", "meine Anwaltskanzlei", True),
        ("anwalt", "meine Anwaltskanzlei", False),
        ("*anzeige", "Strafanzeige", True),
        ("ich … kündigen", "ich möchte jetzt endlich kündigen", True),
        ("ich … kündigen", "ich möchte hier und jetzt sofort endlich kündigen", False),
        ("vergiftet*", "Vergiftete Beeren", True),
        ("allergische* schock", "ein allergischer Schock", True),
        ("kündige", "ich kuendige", True),
        ("don't", "I dont", True),
    ],
)
def test_words_of_the_list_mean_what_they_say(words: str, text: str, fits: bool) -> None:
    assert bool(re.search(pattern_of(words), text, re.IGNORECASE)) is fits


def test_a_topic_that_is_switched_off_is_not_looked_for() -> None:
    topic = SensitiveTopic(name="x", de="x", en="x", words={"de": ("lampe",)}, on=False)
    assert find_topics("die lampe", [topic]) == ()


def test_other_meanings_are_left_out() -> None:
    topic = SensitiveTopic(name="x", de="x", en="x", words={"de": ("bank*",)}, except_=("bank im garten",))
    assert find_topics("die Bank im Garten", [topic]) == ()
    assert [touched.text for touched in find_topics("die Bank im Garten und die Bankleitzahl", [topic])] == [
        "Bankleitzahl"
    ]


def test_an_entry_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="expected words"):
        pattern_of("… *")
