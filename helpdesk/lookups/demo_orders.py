"""A small order service for trying look-ups out: fifty orders of the sample shop, whose dates go with the day.

It runs inside helpdesk and is called without a network: it needs no port that might be taken, no secret, no process and
no memory worth mentioning, and nobody outside can reach it. Whatever asks it is asked like any other service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

DEMO_HOST = "demo-orders.internal"
FIRST = 88_300
COUNT = 50
_PLACES = ("79098", "10115", "80331", "20095", "50667", "1010", "8001", "04109", "70173", "28195")
_PEOPLE = ("mara.winter", "jonas.berg", "leyla.kaya", "tom.huber", "ines.vogel", "paul.meier", "nora.lang")
_STATES = ("received", "packed", "shipped", "shipped", "delivered")
_AGE = {"received": 0, "packed": 1, "shipped": 2, "delivered": 6}
"""Days since an order was placed, by its state."""
_DELIVERY_DAYS = 4
_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """One order; proofs are the postcode of its delivery and the e-mail address it was placed with."""

    number: str
    postcode: str
    email: str
    state: str
    ordered_on: date
    arrives_on: date
    total: str

    def to_json(self) -> dict[str, Any]:
        """As the service answers."""
        is_there = self.state == "delivered"
        return {
            "number": self.number,
            "state": self.state,
            "ordered_on": self.ordered_on.isoformat(),
            "expected_on": None if is_there else self.arrives_on.isoformat(),
            "delivered_on": self.arrives_on.isoformat() if is_there else None,
            "total": {"amount": self.total, "currency": "EUR"},
        }


def demo_orders(today: date) -> Mapping[str, DemoOrder]:
    """The fifty orders as they are on a day, by the last five digits of their numbers."""
    return {str(FIRST + place): _order(place, today) for place in range(COUNT)}


def _order(place: int, today: date) -> DemoOrder:
    state = _STATES[place % len(_STATES)]
    ordered = today - timedelta(days=_AGE[state] + place % 2)
    return DemoOrder(
        number=f"LH-2024-{FIRST + place}",
        postcode=_PLACES[(place + 3) % len(_PLACES)] if place != 17 else "79098",
        email=f"{_PEOPLE[place % len(_PEOPLE)]}@example.org",
        state=state,
        ordered_on=ordered,
        arrives_on=_workday(ordered + timedelta(days=_DELIVERY_DAYS)),
        total=f"{19 + place * 7 % 180}.{'90' if place % 3 else '49'}",
    )


def _workday(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day


async def answer_demo(scope: Scope, receive: Receive, send: Send) -> None:
    """`GET /orders/NUMBER?postcode=…&email=…`: the order, or 404 when one of them is wrong."""
    request = Request(scope, receive)
    _, _, number = request.url.path.rpartition("/")
    order = demo_orders(datetime.now(UTC).date()).get(number[-5:])
    given = {name: value for name in ("postcode", "email") if (value := request.query_params.get(name))}
    is_known = order is not None and number in (order.number, order.number[-5:])
    if (
        order is None
        or not is_known
        or not given
        or any(getattr(order, name) != value for name, value in given.items())
    ):
        response = JSONResponse({"error": "no such order"}, status_code=404)
    else:
        response = JSONResponse(order.to_json())
    await response(scope, receive, send)
