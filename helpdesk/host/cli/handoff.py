"""`staffel handoff`: the rules of passing the baton on dialogues from files. No running server, no database needed."""

import click

from helpdesk.host.cli.dialogues import write_each
from helpdesk.rule_admin.dialogue_scores import score_all
from helpdesk.rule_admin.dialogue_summaries import summarise_all

EXAMPLES = """\b
Examples:
  ./staffel handoff score < dialogues.jsonl > scores.jsonl    mood, triggers and handoff, turn by turn
  ./staffel handoff summarise < dialogues.jsonl > told.jsonl  what an agent would read first
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
    from knowledge.search.embedder import MultilingualE5

    embedder = MultilingualE5()
    write_each("Judging", lambda dialogues: score_all(dialogues, embedder))


@handoff.command()
@click.option("--reader", type=click.Choice(["de", "en"]), help="Whom it is for. Default: the dialogue's own language.")
@click.option(
    "--masked", is_flag=True, help="Make e-mail addresses, IBANs, cards, phone numbers and streets unreadable."
)
def summarise(reader: str | None, masked: bool) -> None:
    """Summarise dialogues from standard input in at most 120 words; results on standard output, in the same order.

    \b
    in   {"id": "d1", "language": "de", "turns": [{"author": "contact", "text": "…"}, …]}      language may be missing
    out  {"id": "d1", "language": "de", "text": "…", "lines": [{"label": "request", "text": "…", "turns": [0, 2]}, …]}

    Every line names the turns that it rests on. What was said is quoted as it was said; only the words around it are in
    the reader's language. A line that isn't such an object gets {"id": …, "error": …} in its place.
    """
    write_each("Summarising", lambda dialogues: summarise_all(dialogues, reader=reader, is_masked=masked))
