"""Telegram on this machine: an HTTP server that keeps the Bot API's rules, its limits, its clocks and its moods."""

from tests.fakes.telegram.faults import TelegramFault, TelegramFaultKind
from tests.fakes.telegram.people import TelegramPerson
from tests.fakes.telegram.server import FakeTelegram, telegram
from tests.fakes.telegram.state import SentMessage

__all__ = ["FakeTelegram", "SentMessage", "TelegramFault", "TelegramFaultKind", "TelegramPerson", "telegram"]
