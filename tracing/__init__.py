"""Spans of a customer's turn, for OpenTelemetry: where its time went, in both programs. Off unless an address is set.

Python 3.10; both programs use it. While it is off nothing of OpenTelemetry is imported and nothing is done.
"""

from tracing.spans import (
    begin,
    belongs_to,
    carry_on,
    delivery,
    end,
    headers,
    is_on,
    message,
    note,
    span,
    turn,
)

__all__ = [
    "begin",
    "belongs_to",
    "carry_on",
    "delivery",
    "end",
    "headers",
    "is_on",
    "message",
    "note",
    "span",
    "turn",
]
