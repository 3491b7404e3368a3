"""Telegram on this machine: an HTTP server that keeps the Bot API's rules, its limits, its clocks and its moods."""

from tests.fakes.telegram.faults import Fault, Mood
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.server import FakeTelegram, telegram
from tests.fakes.telegram.state import SentMessage

__all__ = ["FakeTelegram", "Fault", "Mood", "Person", "SentMessage", "telegram"]
