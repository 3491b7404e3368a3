"""What the words of a line show: who is meant by an insult, what is only quoted, what is negated."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpdesk.handoff.mood.lexicon import Hit, lexicon
from helpdesk.handoff.mood.moods import SignKind
from helpdesk.handoff.mood.spelling import Word, words_of

REACH = 3
"""Words before a word in which a negation or an address counts."""
NEGATABLE = frozenset({"anger", "displeased", "insult", "weak", "mild", "company", "threat"})
AIMED = frozenset({"weak", "mild"})
PLEASED = frozenset({"positive", "praise"})
INTERJECTIONS = frozenset({"no", "nope", "nein", "ne"})
"""They refuse an offer; the thanks after them are thanks."""
ABUSE_WORDS = frozenset({"insult", "slur", "sexual", "dismissal", "threat", "weak", "mild", "contempt"})
OWNERS = frozenset(
    {"your", "my", "the", "this", "that", "ihre", "eure", "deine", "meine", "diese", "das", "die", "der"}
)
KINDS = {str(kind): kind for kind in SignKind if kind != SignKind.FAILURE} | {"insisting": SignKind.REPEATED}
"""A contact who writes "error" has not failed; `FAILURE` is the other side's."""


@dataclass(slots=True)
class MoodWording:
    """Counts of what was found by category, and each find's words (first, end) with the kind of sign it is."""

    words: Sequence[Word]
    counts: Counter[str] = field(default_factory=Counter)
    found: list[tuple[SignKind, int, int]] = field(default_factory=list)

    def note(self, category: str, hit: Hit, kind: SignKind | None = None) -> None:
        """Count a find; it is a sign when its category, or `kind`, is one."""
        self.counts[category] += 1
        if shown := kind or KINDS.get(category):
            self.found.append((shown, self.words[hit.start].start, self.words[hit.end - 1].end))


def read(line: str) -> MoodWording:
    """The wording of a line."""
    words = words_of(line)
    wording = MoodWording(words)
    hits = lexicon().find(words)
    by_place = _by_place(hits)
    reported = any(hit.category == "reported" for hit in hits)
    for hit in hits:
        _note(wording, hit, by_place, reported=reported)
    return wording


def _note(wording: MoodWording, hit: Hit, by_place: dict[int, set[str]], *, reported: bool) -> None:
    words, category = wording.words, hit.category
    if category in ABUSE_WORDS and (words[hit.start].quoted or (reported and category != "threat")):
        wording.counts["quoted"] += 1
    elif category in NEGATABLE and _before(words, hit.start, by_place, "negation"):
        wording.counts["calm"] += 1
    elif category in PLEASED and _is_denied(words, hit.start, by_place):
        wording.note("unhelped", hit)
    elif category in AIMED:
        _note_aimed(wording, hit, by_place)
    else:
        wording.note(category, hit)


def _note_aimed(wording: MoodWording, hit: Hit, by_place: dict[int, set[str]]) -> None:
    """A weak word ("stupid") or a mild one ("dog") is an insult only of somebody; of a thing it is annoyance."""
    if hit.category == "weak" and _is_of_somebody(wording.words, hit, by_place):
        wording.note("weak_at_you", hit, SignKind.INSULT)
    elif hit.category == "mild" and _is_address(wording.words, hit, by_place):
        wording.note("mild_at_you", hit, SignKind.INSULT)
    elif hit.category == "weak":
        wording.note("weak_thing", hit, SignKind.ANGER)
    else:
        wording.counts["mild_thing"] += 1


def _is_of_somebody(words: Sequence[Word], hit: Hit, by_place: dict[int, set[str]]) -> bool:
    after = {category for place in (hit.end, hit.end + 1) for category in by_place.get(place, ())}
    if after & {"insult", "person", "mild", "slur"}:
        return True
    owned = hit.start > 0 and words[hit.start - 1].folded in OWNERS
    return not owned and _before(words, hit.start, by_place, "you")


def _is_address(words: Sequence[Word], hit: Hit, by_place: dict[int, set[str]]) -> bool:
    """Right after "du", "ihr", "you" or a weak word; after the polite "Sie" only at a beginning ("Sie Flasche!")."""
    if not hit.start:
        return False
    before = words[hit.start - 1]
    if before.folded == "sie":
        return hit.start == 1 and hit.end == len(words)
    return before.folded in {"du", "ihr", "you", "u"} or bool(by_place.get(hit.start - 1, set()) & {"weak", "insult"})


def _is_denied(words: Sequence[Word], place: int, by_place: dict[int, set[str]]) -> bool:
    denied = _before(words, place, by_place, "negation")
    return denied and not any(words[n].folded in INTERJECTIONS for n in range(max(0, place - REACH), place))


def _before(words: Sequence[Word], place: int, by_place: dict[int, set[str]], category: str) -> bool:
    """Whether a word of `category` stands shortly before `place` in the same clause."""
    near = range(max(0, place - REACH), place)
    return any(words[n].clause == words[place].clause and category in by_place.get(n, ()) for n in near)


def _by_place(hits: Sequence[Hit]) -> dict[int, set[str]]:
    places: dict[int, set[str]] = {}
    for hit in hits:
        for place in range(hit.start, hit.end):
            places.setdefault(place, set()).add(hit.category)
    return places
