"""A Slack on this machine: its Web API, events, presses, Socket Mode and installation, as strict as the real one."""

from tests.fakes.slack.server import FakeSlack, slack
from tests.fakes.slack.state import SlackChannel, SlackFault, SlackFaultKind, SlackPerson, SlackPost

__all__ = ["FakeSlack", "SlackChannel", "SlackFault", "SlackFaultKind", "SlackPerson", "SlackPost", "slack"]
