"""The manifest: what Slack takes, and just the permissions that are used."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.slack import home
from connectors.slack.connection_setup import creation_link, judge_clock, missing_scopes, mode_for
from connectors.slack.interactions import SHORTCUTS
from connectors.slack.manifest import BOT_SCOPES, manifest
from connectors.slack.words import SlackWords, words
from i18n import available_languages
from tests.fakes.slack.rules import check_view

ORIGIN = "https://help.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_over_http_slack_learns_every_address_of_ours() -> None:
    made = manifest(ORIGIN, socket_mode=False)
    assert made["settings"]["event_subscriptions"]["request_url"] == f"{ORIGIN}/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == f"{ORIGIN}/slack/interactive"
    assert made["features"]["slash_commands"][0]["url"] == f"{ORIGIN}/slack/commands"
    assert made["oauth_config"]["redirect_urls"] == [f"{ORIGIN}/slack/oauth"]
    assert made["settings"]["socket_mode_enabled"] is False


def test_in_socket_mode_no_address_is_named() -> None:
    assert "http" not in str(manifest("http://127.0.0.1:8765", socket_mode=True))


@pytest.mark.parametrize("socket_mode", [True, False])
def test_the_manifest_keeps_slacks_limits(socket_mode: bool) -> None:
    made = manifest(ORIGIN, socket_mode=socket_mode)
    shown = made["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert [one["callback_id"] for one in made["features"]["shortcuts"]] == list(SHORTCUTS)
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in made["features"]["shortcuts"])
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False


def test_channels_can_not_be_read() -> None:
    assert not {"channels:history", "groups:history", "mpim:history"} & set(BOT_SCOPES)


def test_the_link_opens_slack_with_the_manifest_filled_in() -> None:
    asked = parse_qs(urlsplit(creation_link(ORIGIN, "http")).query)
    assert asked["new_app"] == ["1"]
    assert f"{ORIGIN}/slack/events" in asked["manifest_json"][0]


def test_the_mode_follows_from_the_public_address() -> None:
    assert [mode_for(ORIGIN), mode_for("http://127.0.0.1:8765")] == ["http", "socket"]


def test_missing_permissions_are_named() -> None:
    granted = {"x-oauth-scopes": ", ".join(scope for scope in BOT_SCOPES if scope != "files:read")}
    assert missing_scopes(granted) == ["files:read"]
    assert missing_scopes({}) == list(BOT_SCOPES)


@pytest.mark.parametrize(
    ("off", "level"), [(0, "ok"), (59, "ok"), (-61, "note"), (299, "note"), (301, "failed"), (-900, "failed")]
)
def test_a_clock_that_is_off_is_noticed_before_signatures_fail(off: int, level: str) -> None:
    headers = {"date": format_datetime(NOW - timedelta(seconds=off), usegmt=True)}
    assert judge_clock(headers, NOW).level == level


@pytest.mark.parametrize("said", [words(language) for language in available_languages("customer")])
def test_the_home_and_the_modal_are_what_slack_takes(said: SlackWords) -> None:
    check_view(home.home(said, searched="<!channel>" * 30, notice=said.asked))
    check_view(home.question_modal(said, "x" * 5000))
