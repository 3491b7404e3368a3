"""What the pure rules cost: `python -m benchmarks.speed` times each on its worst case, and fails above its limit.

Seconds of this process, the best of a few runs, so that a busy machine does not count. A turn asks them in a row and
has ten seconds in all; a pass of the queue happens several times a second.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import process_time

from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.routing import AvailableAgent, QueuedRequest, TeamNow, route
from helpdesk.handoff.rules import DEFAULT_RULES, Rules, decide
from helpdesk.handoff.rules.decision import LineMood
from helpdesk.handoff.summary import summarise
from helpdesk.rewording.verification import check
from helpdesk.texts.summary_phrases import StaffSummaryPhrases
from store.triggers import TriggerKind

RUNS = 3
LINES = 500
AGENTS, WAITING = 40, 500
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEAMS = (TeamNow(id="returns", topics=frozenset({"return"})), TeamNow(id="others"))
OURS = "Sie können Artikel innerhalb von 14 Tagen zurücksenden. Die Rücksendung kostet 4,90 €. " * 34
HOSTILE = ("a," * 1_900, "nicht " * 600, "1 " * 1_900, "a" * 3_800, "[" * 3_800, "a@" * 1_900, "x-" * 1_900)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCase:
    """Something to time, and how many seconds it may take."""

    name: str
    limit: float
    run: Callable[[], object]


def main() -> None:
    """Print the table; fail when one case is above its limit."""
    print("| what | seconds | limit |\n|---|---|---|")
    slow = []
    for case in cases():
        seconds = best_of(case.run)
        print(f"| {case.name} | {seconds:.3f} | {case.limit:g} |")
        if seconds > case.limit:
            slow.append(case.name)
    sys.exit(f"Above the limit: {'; '.join(slow)}." if slow else 0)


def best_of(run: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of processor that the quickest of `runs` took."""
    times = []
    for _ in range(runs):
        began = process_time()
        run()
        times.append(process_time() - began)
    return min(times)


def cases() -> Iterator[TimedCase]:
    """Everything that is timed, each on data of its own making."""
    angry = [
        _line(n, f"Zum {n}. Mal, wo bleibt Bestellung {n * 7919}, das kann doch nicht sein?") for n in range(LINES)
    ]
    yield TimedCase(name=f"moods of {LINES} lines", limit=0.3, run=partial(judge_moods, angry))
    yield from _rules()
    yield _summary()
    queue, agents = _queue()
    yield TimedCase(
        name=f"a pass of the queue, {WAITING} waiting and {AGENTS} agents",
        limit=0.02,  # twice the aim
        run=partial(route, queue, agents, TEAMS, NOW),
    )
    for text in HOSTILE:
        yield TimedCase(name=f"checking a rewording of {text[:6]}…", limit=2.0, run=partial(check, text, OURS, "de"))


def _line(seq: int, text: str, author: str = CONTACT) -> DialogueLine:
    return DialogueLine(seq=seq, author=author, text=text)


def _rules() -> Iterator[TimedCase]:
    """Every line of a very long dialogue, judged as it comes."""
    vector = [1.0 / 384**0.5] * 384
    said = [
        line
        for n in range(LINES // 2)
        for line in (
            DialogueLine(
                seq=2 * n,
                author=CONTACT,
                text=f"Frage Nummer {n}: wie geht das mit Artikel {n * 7}, und warum dauert es?",
                meaning=vector,
            ),
            _line(2 * n + 1, f"Antwort {n}", BOT),
        )
    ]
    moods = judge_moods(said)
    quiet = replace(
        DEFAULT_RULES,
        rules=tuple(replace(rule, on=rule.kind != TriggerKind.REPETITION) for rule in DEFAULT_RULES.rules),
    )
    for name, rules in (("all rules", DEFAULT_RULES), ("without repetition", quiet)):
        yield TimedCase(
            name=f"{LINES} lines judged one by one, {name}",
            limit=1.0,
            run=partial(_judge_all, said, moods, rules),
        )


def _judge_all(said: Sequence[DialogueLine], moods: Sequence[LineMood], rules: Rules) -> None:
    """Decide after each line of the contact's, which is every second one and has one mood."""
    for n in range(0, len(said), 2):
        decide(said[: n + 1], moods[: n // 2 + 1], rules)


def _summary() -> TimedCase:
    lines = (
        "Mein Paket 4711 ist seit drei Wochen nicht angekommen, bestellt am 3. Mai für 49,90 €.",
        "Das tut mir leid. Bitte prüfen Sie die Sendungsverfolgung auf unserer Seite.",
        "Habe ich schon versucht, da steht nichts. Ich schreibe jetzt zum dritten Mal!",
        "Wir melden uns bis Freitag bei Ihnen.",
        "Noch eine Frage zu Rechnung 9911 über 12,50 €?",
    )
    said = [
        DialogueLine(
            seq=n, author=AGENT if n % 5 in (1, 3) else CONTACT, text=f"{lines[n % 5]} Nummer {n}", language="de"
        )
        for n in range(LINES)
    ]
    phrases = StaffSummaryPhrases("de")
    return TimedCase(name=f"a summary of {LINES} lines", limit=1.0, run=partial(summarise, said, phrases=phrases))


def _queue() -> tuple[list[QueuedRequest], list[AvailableAgent]]:
    languages = [frozenset({"de"}), frozenset({"en"}), frozenset({"de", "en"})]
    queue = [
        QueuedRequest(
            id=f"w{n}",
            asked_at=NOW - timedelta(minutes=n / 20),
            language="en" if n % 3 else "de",
            topic=f"t{n % 8}",
            urgency=n % 4,
            team="others",
        )
        for n in range(WAITING)
    ]
    agents = [
        AvailableAgent(id=f"a{n}", open=n % 4, capacity=4, languages=languages[n % 3], skills=frozenset({f"t{n % 8}"}))
        for n in range(AGENTS)
    ]
    return queue, agents


if __name__ == "__main__":
    main()
