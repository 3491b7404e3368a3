"""Dialogues from files summarised, through the same code as a live conversation's handoff."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from helpdesk.handoff.dialogue_file import Dialogue
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.summary import Summary, masked, summarise
from helpdesk.texts.summary_phrases import StaffSummaryPhrases
from knowledge.search.language import detect

_LOOKED_AT = 5  # lines of the contact by which the language of a dialogue is told
_UNDECIDED = "en"


def summarise_all(
    dialogues: Sequence[Dialogue], *, reader: str | None = None, is_masked: bool = False
) -> list[dict[str, Any]]:
    """The public form of each dialogue's summary, for a `reader` of German or English, else in its own language."""
    return [_as_json(dialogue, _summary(dialogue, reader, is_masked)) for dialogue in dialogues]


def _summary(dialogue: Dialogue, reader: str | None, is_masked: bool) -> Summary:
    spoken = dialogue.language or _language(dialogue)
    said = [replace(line, language=spoken) for line in dialogue.said]
    summary = summarise(said, phrases=StaffSummaryPhrases(reader or spoken), spoken=spoken, moods=judge_moods(said))
    return masked(summary) if is_masked else summary


def _language(dialogue: Dialogue) -> str:
    first = [line.text for line in dialogue.said if line.is_contacts_words][:_LOOKED_AT]
    return detect(" ".join(first)).language or _UNDECIDED


def _as_json(dialogue: Dialogue, summary: Summary) -> dict[str, Any]:
    lines = [{"label": str(line.label), "text": line.text, "turns": list(line.turns)} for line in summary.lines]
    return {"id": dialogue.id, "language": summary.language, "text": summary.text, "lines": lines}
