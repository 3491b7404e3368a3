"""What a request for a person carries: how the rules came to it, what was told about the wait, the summary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self

from store.triggers import Trigger, read_triggers, write_triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """How the rules came to a request; without an `act` an agent took it, or nobody asked the rules.

    `act` is an `Act`, `round` and `prefer` are as in `Decision`, `first` is the key of the sentence that came before
    all else. `signals` are the figures behind it, by kind of trigger. `sentence` says why, by language.
    """

    act: str | None = None
    triggers: tuple[Trigger, ...] = ()
    round: int = 1
    prefer: str | None = None
    first: str | None = None
    signals: Mapping[str, Any] = field(default_factory=dict)
    sentence: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        decided = {
            "act": self.act,
            "triggers": write_triggers(self.triggers),
            "round": self.round,
            "prefer": self.prefer,
            "first": self.first,
            "signals": dict(self.signals),
        }
        return (decided if self.act else {}) | ({"sentence": dict(self.sentence)} if self.sentence else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        return cls(
            act=stored.get("act"),
            triggers=read_triggers(stored.get("triggers", ())),
            round=int(stored.get("round", 1)),
            prefer=stored.get("prefer"),
            first=stored.get("first"),
            signals=stored.get("signals", {}),
            sentence={str(language): str(text) for language, text in stored.get("sentence", {}).items()},
        )


class QueuePlaceRecord(NamedTuple):
    """A place in the queue (from 1), with the agents and their free places at that moment. Stored as an array."""

    position: int
    agents: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNoticeRecord:
    """What a waiting contact was told last about the wait, in line `seq`; without `at` nothing yet.

    `range_seconds` is from when to when the wait was expected to end. `first_place` is what they were told first, if
    somebody was in then: from it waits are learnt.
    """

    at: datetime | None = None
    seq: int = 0
    position: int = 0
    range_seconds: tuple[float, float] | None = None
    first_place: QueuePlaceRecord | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that is stored."""
        if self.at is None:
            return {}
        span = None if self.range_seconds is None else list(self.range_seconds)
        told = {"position": self.position, "range": span, "at": self.at.isoformat(), "seq": self.seq}
        return told | ({"first": list(self.first_place)} if self.first_place else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        if not stored.get("at"):
            return cls()
        span, first = stored.get("range"), stored.get("first")
        return cls(
            at=datetime.fromisoformat(stored["at"]),
            seq=int(stored.get("seq", 0)),
            position=int(stored["position"]),
            range_seconds=(float(span[0]), float(span[1])) if span else None,
            first_place=QueuePlaceRecord(*map(int, first)) if first else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLineRecord:
    """A line of the summary. `label` is a `Label`, `turns` are the lines of the log that `text` rests on."""

    label: str
    text: str
    turns: tuple[int, ...] = ()
    outcome: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        return {"label": self.label, "text": self.text, "turns": list(self.turns), "outcome": self.outcome}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        return cls(
            label=str(stored.get("label", "")),
            text=str(stored["text"]),
            turns=tuple(map(int, stored.get("turns", ()))),
            outcome=stored.get("outcome"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryWordingRecord:
    """The same lines in the words of a language model, and which one that was."""

    model: str
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        return {"model": self.model, "text": "\n".join(self.lines), "lines": list(self.lines)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        return cls(model=str(stored["model"]), lines=tuple(map(str, stored["lines"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRecord:
    """The summary of a handoff, in the reader's `language`, empty while there is none.

    `reworded` are the lines in other words; `is_tried`: they were asked for, whether or not any came.
    """

    language: str = ""
    lines: tuple[SummaryLineRecord, ...] = ()
    reworded: SummaryWordingRecord | None = None
    is_tried: bool = False

    def line(self, label: str) -> str:
        """The text of the first line with this label, empty if there is none."""
        return next((line.text for line in self.lines if line.label == label), "")

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out; empty while there is none."""
        if not self.language:
            return {}
        reworded = self.reworded.as_json() if self.reworded else None
        written = {"language": self.language, "lines": [line.as_json() for line in self.lines]}
        return written | ({"reworded": reworded} if self.reworded or self.is_tried else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made."""
        reworded = stored.get("reworded")
        return cls(
            language=str(stored.get("language", "")),
            lines=tuple(SummaryLineRecord.from_json(line) for line in stored.get("lines", ())),
            reworded=SummaryWordingRecord.from_json(reworded) if reworded else None,
            is_tried="reworded" in stored,
        )
