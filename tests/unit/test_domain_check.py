"""What in domain.yml would be lost on the way to a customer is said before training, with file and line."""

from pathlib import Path

import pytest

from actions import ACTION_NAMES
from bot.domain_check import check_domain
from bot_protocol.actions import ACTIONS

ROOT = Path(__file__).parents[2]
HEAD = """intents:
  - order_part
entities:
  - part
actions:
  - action_own
responses:
  utter_part:
    - text: "Which part?"
"""
HEAD_LINES = HEAD.count("\n")


def complaints(*lines: str, provided: tuple[str, ...] = ("action_own",)) -> list[tuple[int, str]]:
    """What is said about the lines below a response's text, by their number."""
    source = HEAD + "".join(f"      {line}\n" for line in lines)
    return [(each.line - HEAD_LINES, each.text) for each in check_domain(source, provided)]


def test_our_own_domain_has_nothing_to_complain_about() -> None:
    source = (ROOT / "domain.yml").read_text(encoding="utf-8")

    assert check_domain(source, ACTIONS) == []


def test_helpdesk_runs_the_actions_that_the_bot_counts_on() -> None:
    assert ACTION_NAMES == ACTIONS


def test_an_action_that_nobody_provides_is_named_with_file_and_line() -> None:
    (complaint,) = check_domain(HEAD, ACTIONS)

    assert str(complaint).startswith("domain.yml:6: nobody provides the action action_own")


def test_an_action_with_options_is_read_by_its_name() -> None:
    assert check_domain("actions:\n  - action_own: {send_domain: true}\n", {"action_own"}) == []
    assert len(check_domain("actions:\n  - action_own: {send_domain: true}\n", ())) == 1


@pytest.mark.parametrize(
    "payload", ["/order_part", '/order_part{"part": "leg"}', '/order_part{{"part": "{part}"}}', "/order_part{}"]
)
def test_a_button_of_the_domain_is_fine(payload: str) -> None:
    assert complaints("buttons:", "  - title: Leg", f"    payload: '{payload}'") == []


@pytest.mark.parametrize(
    ("lines", "line", "expected"),
    [
        (("buttons:", "  - {title: Leg, payload: /order_leg}"), 2, "no intent 'order_leg'"),
        (("buttons:", "  - title: Leg", '    payload: \'/order_part{"size": "x"}\''), 2, "no entity 'size'"),
        (("buttons:", "  - {title: Leg, payload: I take the leg}"), 2, "expected /intent"),
        (("buttons:", "  - {title: Again, payload: /restart}"), 2, "no intent of Rasa's own"),
        (("buttons:", "  - {title: Shop, type: web_url, url: 'https://example.org'}"), 2, "title and a payload"),
        (("quick_replies:", "  - {title: Leg, payload: /order_leg}"), 2, "no intent 'order_leg'"),
        (("channel: facebook",), 1, "no channel 'facebook', only webchat, telegram, slack"),
        (("image: leg.png",), 1, "begins with https://"),
        (("attachment: {type: video}",), 1, "'attachment' is not shown"),
        (("custom:", "  language: English"), 0, "two letters"),
    ],
)
def test_what_can_not_work_is_said_where_it_stands(lines: tuple[str, ...], line: int, expected: str) -> None:
    ((found, text),) = complaints(*lines)

    assert found == line
    assert text.startswith("utter_part: ")
    assert expected in text


def test_custom_json_needs_a_text_for_channels_that_show_text() -> None:
    source = "responses:\n  utter_card:\n    - custom: {blocks: []}\n    - custom: {blocks: [], fallback: A card}\n"

    (complaint,) = check_domain(source, ())

    assert str(complaint) == (
        "domain.yml:3: utter_card: there is no text: custom JSON is shown by its `text` or `fallback`,"
        " on every channel alike"
    )


def test_an_image_may_come_from_a_slot_and_a_variant_may_be_for_one_channel() -> None:
    assert complaints("image: https://example.org/leg.png", "channel: slack") == []
    assert complaints("image: '{picture}'") == []


def test_what_is_no_yaml_is_left_to_rasa() -> None:
    assert check_domain("responses: [", ()) == []
