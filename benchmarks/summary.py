"""Is everything that matters in the summary, and nothing else? `python -m benchmarks summary --data DIR`."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from time import process_time

import click
from rich.console import Console
from rich.table import Table

from benchmarks.faq import DATA
from benchmarks.rouge import rouge_l, rouge_n, tokens
from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.summary import Label, Summary, summarise
from helpdesk.texts.summary_phrases import StaffSummaryPhrases, fixed_words

FILES = {"valid": "tweetsumm_valid.jsonl", "train": "tweetsumm_train.jsonl"}
AGREED = 2
"""Annotators of three who marked a turn, for it to count as essential in the share of numbers and names."""

_ABOUT_ALL = {Label.MOOD, Label.LANGUAGE, Label.NEXT}
"""Labels whose lines are about the dialogue as a whole, so that what they cite doesn't count as told."""

ENGLISH = StaffSummaryPhrases("en")

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS = re.compile(r"[.!?:…]\W*$")
_NO_NAMES = frozenset(
    _WORD.findall(
        "I Im Ive Id Ill OK Ok DM DMs LINK Thanks Thank Hi Hey Hello Please Sorry Yes No Not Why How What When Where "
        "Who The This That It Its My Me We You Your Is Are Was And But So If AM PM"
    )
)
"""Capitalised words that name nothing, wherever they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedDialogue:
    """A dialogue with the turns that each annotator marked as essential, and the summaries they wrote."""

    said: tuple[DialogueLine, ...]
    marked: tuple[frozenset[int], ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarisedDialogue:
    """A dialogue and its summary."""

    dialogue: AnnotatedDialogue
    summary: Summary

    @property
    def cited(self) -> frozenset[int]:
        """The turns that the lines name and tell something of; not those that only show mood or language."""
        return frozenset(seq for line in self.summary.lines if line.label not in _ABOUT_ALL for seq in line.turns)

    @property
    def quoted(self) -> str:
        """What the summary says in the dialogue's words, without any fixed wording."""
        return " ".join(piece for line in self.summary.lines for piece in line.said)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=DATA, show_default="as for faq")
@click.option("--part", type=click.Choice(list(FILES)), default="valid", show_default=True)
@click.option("--show", default=0, help="Print so many dialogues with their summaries.")
def main(data: Path, part: str, show: int) -> None:
    """Summarise each dialogue as `staffel handoff summarise` does, and report."""
    dialogues = read(data / "summary" / FILES[part])
    summarise(dialogues[0].said, phrases=ENGLISH, moods=judge_moods(dialogues[0].said))  # whatever is read at first use
    started = process_time()
    told = [
        SummarisedDialogue(dialogue=each, summary=summarise(each.said, phrases=ENGLISH, moods=judge_moods(each.said)))
        for each in dialogues
    ]
    taken = process_time() - started
    report(told, taken)
    for each in told[:show]:
        print("\n" + "\n".join(f"{line.seq} {line.author}: {line.text}" for line in each.dialogue.said))
        print(f"--\n{each.summary.text}")


def read(file: Path) -> list[AnnotatedDialogue]:
    """The dialogues of a file; annotators who marked nothing are left out."""
    return [_dialogue(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _dialogue(raw: dict[str, list[object]]) -> AnnotatedDialogue:
    turns: list[dict[str, str]] = raw["turns"]  # type: ignore[assignment]
    marked: list[list[int]] = raw["extractive_turns"]  # type: ignore[assignment]
    references: list[str] = raw["summaries"]  # type: ignore[assignment]
    return AnnotatedDialogue(
        said=tuple(
            DialogueLine(seq=seq, author=turn["author"], text=turn["text"], language="en")
            for seq, turn in enumerate(turns)
        ),
        marked=tuple(frozenset(each) for each in marked if each),
        references=tuple(references),
    )


def report(told: Sequence[SummarisedDialogue], taken: float) -> None:
    """Everything measured, as a table."""
    console = Console(width=110)
    console.print(f"{len(told)} dialogues, {1000 * taken / len(told):.1f} ms of processor time each")
    console.print(
        f"  words of a summary: mean {mean(_length(each) for each in told):.0f}, most {max(map(_length, told))}"
    )
    console.print(f"  share of the marked turns that the lines cite: {coverage(told):.3f}")
    console.print(f"  share of all turns that they cite (what blind choice of as many would reach): {cited(told):.3f}")
    console.print(f"  share of the cited turns that somebody marked: {precision(told):.3f}")
    for name, where in _WHERE.items():
        numbers, names = kept(told, where, numbers_of), kept(told, where, names_of)
        both = kept(told, where, lambda text: numbers_of(text) | names_of(text))
        console.print(f"  kept of {name}: numbers {_share(numbers)}, names {_share(names)}, both {_share(both)}")
    console.print(
        f"  words in no cited turn and not fixed wording: {len(invented(told))} {sorted(invented(told))[:10]}"
    )
    console.print(_rouge_table(told))


def coverage(told: Iterable[SummarisedDialogue]) -> float:
    """The mean over dialogues and annotators of the share of marked turns that the summary cites."""
    return mean(len(each.cited & marked) / len(marked) for each in told for marked in each.dialogue.marked)


def cited(told: Iterable[SummarisedDialogue]) -> float:
    """The mean share of a dialogue's turns that the summary cites."""
    return mean(len(each.cited) / len(each.dialogue.said) for each in told)


def precision(told: Iterable[SummarisedDialogue]) -> float:
    """The mean over dialogues of the share of cited turns that at least one annotator marked."""
    return mean(
        len(each.cited & frozenset().union(*each.dialogue.marked)) / len(each.cited) for each in told if each.cited
    )


def numbers_of(text: str) -> frozenset[str]:
    """Whatever is written in digits, separators inside included."""
    return frozenset(_NUMBER.findall(text))


def names_of(text: str) -> frozenset[str]:
    """Words with a capital that don't open a sentence, and aren't shouted (five capitals and more)."""
    found = ((match.group(), text[: match.start()].rstrip()) for match in _WORD.finditer(text))
    return frozenset(word for word, before in found if before and not _ENDS.search(before) and _is_name(word))


def _is_name(word: str) -> bool:
    plain = word.replace("'", "").replace("’", "")
    return plain[0].isupper() and len(plain) > 1 and plain not in _NO_NAMES and not (plain.isupper() and len(plain) > 4)


def _of_contact(dialogue: AnnotatedDialogue) -> list[str]:
    return [line.text for line in dialogue.said if line.author == "contact"]


def _of_essential_turns(dialogue: AnnotatedDialogue) -> list[str]:
    return [line.text for line in dialogue.said if sum(line.seq in marked for marked in dialogue.marked) >= AGREED]


_WHERE: dict[str, Callable[[AnnotatedDialogue], list[str]]] = {
    "the contact's lines": _of_contact,
    "the turns that two of three marked": _of_essential_turns,
}


def kept(
    told: Iterable[SummarisedDialogue],
    where: Callable[[AnnotatedDialogue], list[str]],
    what: Callable[[str], frozenset[str]],
) -> tuple[int, int]:
    """How many of the numbers or names in some of the turns stand in the summary, and how many there are."""
    held = there = 0
    for each in told:
        wanted = frozenset[str]().union(*(what(text) for text in where(each.dialogue)))
        text = " ".join(line.text for line in each.summary.lines)
        in_summary = numbers_of(text) | frozenset(_WORD.findall(text))
        held, there = held + len(wanted & in_summary), there + len(wanted)
    return held, there


def invented(told: Iterable[SummarisedDialogue]) -> list[str]:
    """Words of lines that stand in none of the turns the line names, and aren't the fixed wording."""
    fixed = {word.casefold() for word in fixed_words("en")}
    found: list[str] = []
    for each in told:
        texts = {line.seq: line.text for line in each.dialogue.said}
        for line in each.summary.lines:
            known = {word.casefold() for seq in line.turns for word in _WORD.findall(texts[seq])} | fixed
            found += [word for word in _WORD.findall(line.text) if word.casefold() not in known]
    return found


def _rouge_table(told: Sequence[SummarisedDialogue]) -> Table:
    table = Table("against the references, F1", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words")
    ways: dict[str, Callable[[SummarisedDialogue], str]] = {
        "summary, fixed wording not counted": lambda each: each.quoted,
        "first + last turn": lambda each: f"{each.dialogue.said[0].text} {each.dialogue.said[-1].text}",
        "lead-2": lambda each: " ".join(line.text for line in each.dialogue.said[:2]),
    }
    for name, text_of in ways.items():
        table.add_row(
            name, *(f"{100 * score:.1f}" for score in _rouge(told, text_of)), f"{_mean_words(told, text_of):.0f}"
        )
    return table


def _rouge(told: Sequence[SummarisedDialogue], text_of: Callable[[SummarisedDialogue], str]) -> list[float]:
    scores: list[tuple[float, float, float]] = []
    for each in told:
        ours = tokens(text_of(each))
        against = [tokens(reference) for reference in each.dialogue.references]
        one, two, longest = (mean(way(ours, wanted) for wanted in against) for way in _WAYS)
        scores.append((one, two, longest))
    return [mean(column) for column in zip(*scores, strict=True)]


_WAYS: tuple[Callable[[Sequence[str], Sequence[str]], float], ...] = (
    lambda ours, wanted: rouge_n(ours, wanted, 1),
    lambda ours, wanted: rouge_n(ours, wanted, 2),
    rouge_l,
)


def _mean_words(told: Sequence[SummarisedDialogue], text_of: Callable[[SummarisedDialogue], str]) -> float:
    return mean(len(text_of(each).split()) for each in told)


def _length(each: SummarisedDialogue) -> int:
    return len(each.summary.text.split())


def _share(counted: tuple[int, int]) -> str:
    held, there = counted
    return f"{held / there:.3f} ({held} of {there})" if there else "–"


if __name__ == "__main__":
    main()
