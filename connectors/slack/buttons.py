"""What a button carries: what it means, for which conversation and how long, signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.contract import Address, Channel, Choice
from connectors.slack.claims import ClaimSigner

GOOD_FOR = timedelta(days=90)
"""For as long as a conversation is kept unless the operator says otherwise; afterwards nobody knows the choice."""

MAX_IN_ROW = 5
MAX_TITLE = 75
MAX_VALUE_LENGTH = 2000
CHOICES = "staffel:choices"
"""Begins the `block_id` of our rows of choices, by which they are found again in a message."""

_MAX_QUESTION_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonValue:
    """What a pressed button of ours stands for: a choice of a line, or a question to ask."""

    address: Address
    seq: int = 0
    choice: int = 0
    mark: str = ""
    question: str = ""
    expired: bool = False


class Buttons:
    """Signs and reads the values of buttons."""

    def __init__(self, secret_key: str) -> None:
        self._signer = ClaimSigner(secret_key, "buttons")

    def choice(self, address: Address, seq: int, choice: int, until: datetime, mark: str = "") -> str:
        """The value of button `choice` of line `seq`; `mark` is that message's."""
        return self._signer.sign({**_where(address), "s": seq, "c": choice, "m": mark, "e": int(until.timestamp())})

    def question(self, address: Address, question: str, until: datetime) -> str:
        """The value of a button that asks `question`."""
        return self._signer.sign({**_where(address), "q": question[:_MAX_QUESTION_LENGTH], "e": int(until.timestamp())})

    def read(self, value: object, time: datetime) -> ButtonValue | None:
        """What a value stands for, `None` when it isn't ours."""
        claims = self._signer.verify(value)
        if claims is None:
            return None
        return ButtonValue(
            address=Address(channel=Channel.SLACK, account=claims["a"], chat_id=claims["h"], thread=claims["t"]),
            seq=claims.get("s", 0),
            choice=claims.get("c", 0),
            mark=claims.get("m", ""),
            question=claims.get("q", ""),
            expired=claims["e"] < time.timestamp(),
        )


def _where(address: Address) -> dict[str, str | int | None]:
    return {"a": address.account, "h": address.chat_id, "t": address.thread}


def title(text: str) -> str:
    """`text` as it fits on a button."""
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"


def rows(choices: tuple[Choice, ...], values: list[str]) -> list[dict[str, object]]:
    """The blocks with the choices, a handful in each row."""
    elements: list[dict[str, object]] = [
        {
            "type": "button",
            "action_id": f"choice:{number}",
            "text": {"type": "plain_text", "text": title(choice.title) or "…", "emoji": False},
            "value": value,
        }
        for number, (choice, value) in enumerate(zip(choices, values, strict=True))
    ]
    return [
        {
            "type": "actions",
            "block_id": f"{CHOICES}:{start // MAX_IN_ROW}",
            "elements": elements[start : start + MAX_IN_ROW],
        }
        for start in range(0, len(elements), MAX_IN_ROW)
    ]
