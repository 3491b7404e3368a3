"""Dialogues from files judged turn by turn, through the same rules as a live conversation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.dialogue_file import Dialogue
from helpdesk.handoff.mood import Mood, judge_moods
from helpdesk.handoff.rules import DEFAULT_RULES, Act, Rules, decide_each
from helpdesk.handoff.rules.decision import Decision
from knowledge.search.embedder import Embedder, e5_alone


def score_all(dialogues: Sequence[Dialogue], embedder: Embedder, rules: Rules = DEFAULT_RULES) -> list[dict[str, Any]]:
    """The public form of each dialogue's judgement. What the contacts wrote is embedded in one go."""
    return [score(dialogue, rules) for dialogue in with_meaning(dialogues, embedder)]


def score(dialogue: Dialogue, rules: Rules = DEFAULT_RULES) -> dict[str, Any]:
    """One entry for each turn of the contact, judged only from what came before and with it."""
    moods = judge_moods(dialogue.said)
    felt = {mood.seq: mood for mood in moods}
    decided = decide_each(dialogue.said, moods, rules)
    return {"id": dialogue.id, "turns": [_turn(line, felt.get(line.seq), decision) for line, decision in decided]}


def with_meaning(dialogues: Sequence[Dialogue], embedder: Embedder) -> list[Dialogue]:
    """The dialogues with the meaning of each line of the contact that has words."""
    texts = list(dict.fromkeys(line.text for one in dialogues for line in one.said if line.is_contacts_words))
    vectors = dict(zip(texts, e5_alone(embedder.embed_queries(texts)).tolist(), strict=True)) if texts else {}
    return [
        replace(
            one,
            said=tuple(
                replace(line, meaning=vectors[line.text]) if line.is_contacts_words else line for line in one.said
            ),
        )
        for one in dialogues
    ]


def _turn(line: DialogueLine, felt: Mood | None, decision: Decision) -> dict[str, Any]:
    return {
        "turn": line.seq,
        "frustration": round(felt.frustration, 3) if felt else 0.0,
        "abuse": round(felt.abuse, 3) if felt else 0.0,
        "handoff": decision.act is Act.HAND_OVER,
        "triggers": [trigger.as_json() for trigger in decision.triggers],
    }
