"""What the rules look at for one line of the contact: it, and what came before since the bot has the baton."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from helpdesk.handoff.dialogue import BOT, CONTACT, SMALL_TALK, DialogueLine
from helpdesk.handoff.mood import ABUSIVE, SignKind
from helpdesk.handoff.rules.answers import is_content, thanks_plainly
from helpdesk.handoff.rules.decision import Circumstances, LineMood, MoodEvidence
from helpdesk.handoff.rules.table import Rules
from helpdesk.handoff.wish import declines_person, find_wish

OUT_OF_SCOPE = "out_of_scope"
"""The bot's name for what nobody would ask a company: the weather, football, a poem."""
FARTHEST_BACK = 80  # lines; what was said earlier has no more weight, and a long conversation costs no more
MIN_LETTERS = 3
MEANT_BADLY = ABUSIVE | {
    SignKind.SARCASM,
    SignKind.ANGER,
    SignKind.SWEARING,
    SignKind.UNHELPED,
    SignKind.GIVING_UP,
    SignKind.LEAVING,
}
"""A "thanks" with one of these is none."""


@dataclass(frozen=True, kw_only=True)
class RuleContext:
    """`lines` are the newest ones after `since_seq`, up to the contact's `last`; `felt` has the moods by `seq`."""

    lines: tuple[DialogueLine, ...]
    last: DialogueLine
    felt: dict[int, LineMood]
    rules: Rules
    circumstances: Circumstances

    @cached_property
    def own(self) -> tuple[DialogueLine, ...]:
        """The contact's lines, taps too."""
        return tuple(line for line in self.lines if line.author == CONTACT)

    @cached_property
    def substance(self) -> tuple[DialogueLine, ...]:
        """The contact's lines that want something: neither tapped nor small talk."""
        return tuple(line for line in self.own if has_substance(line))

    @cached_property
    def unanswered(self) -> tuple[DialogueLine, ...]:
        """The contact's newest lines with words, without one of ours between or after: what is judged together."""
        newest = takewhile(lambda line: line.author == CONTACT, reversed(self.lines))
        return tuple(line for line in newest if line.is_contacts_words)[::-1]

    @cached_property
    def before(self) -> DialogueLine | None:
        """The line before the last one of the contact."""
        return self.lines[-2] if len(self.lines) > 1 else None

    def frustration(self, line: DialogueLine) -> float:
        """0 to 1; 0 where the mood is not known."""
        return self.felt[line.seq].frustration if line.seq in self.felt else 0.0

    @cached_property
    def wants_nobody(self) -> bool:
        """The contact has said that no person is wanted, and has not asked for one since."""
        for line in reversed(self.own):
            if line.is_contacts_words and find_wish(line.text, line.language, meaning=line.meaning):
                return False
            if line.is_contacts_words and declines_person(line.text):
                return True
        return False

    @cached_property
    def is_well(self) -> bool:
        """The last line says that all is well, and means it."""
        return thanks_plainly(self.last.text) or (is_content(self.last.text) and not self.signs(MEANT_BADLY))

    def signs(self, kinds: frozenset[SignKind]) -> tuple[MoodEvidence, ...]:
        """What the last line shows of these."""
        mood = self.felt.get(self.last.seq)
        return tuple(sign for sign in mood.shown_by if sign.kind in kinds and sign.seq == self.last.seq) if mood else ()

    @cached_property
    def replies(self) -> dict[int, DialogueLine]:
        """The first line of the bot after each line of the contact that has one, by the contact's `seq`."""
        found: dict[int, DialogueLine] = {}
        waiting: list[int] = []
        for line in self.lines:
            if line.author == CONTACT:
                waiting.append(line.seq)
            elif line.author == BOT:
                found |= dict.fromkeys(waiting, line)
                waiting = []
        return found


def once_a_turn(lines: Sequence[DialogueLine], replies: Mapping[int, DialogueLine]) -> tuple[DialogueLine, ...]:
    """Of the lines that one reply answered, or none yet, the last: what is written in pieces is one."""
    last = {replies[line.seq].seq if line.seq in replies else None: line for line in lines}
    return tuple(last.values())


def build_context(
    said: Sequence[DialogueLine], moods: Sequence[LineMood], rules: Rules, circumstances: Circumstances
) -> RuleContext | None:
    """The scene of the contact's last line; none when there is no such line after `since_seq`."""
    lines = [line for line in said[-FARTHEST_BACK:] if line.seq > circumstances.since_seq]
    while lines and lines[-1].author != CONTACT:
        lines.pop()
    if not lines:
        return None
    felt = {mood.seq: mood for mood in moods[-FARTHEST_BACK:] if mood.seq >= lines[0].seq}
    return RuleContext(lines=tuple(lines), last=lines[-1], felt=felt, rules=rules, circumstances=circumstances)


def has_substance(line: DialogueLine) -> bool:
    """Whether the contact's line may hold a request to us: no answer to our question, and nothing of the wide world."""
    is_said = line.is_contacts_words and not line.answers_question and len(line.text.strip()) >= MIN_LETTERS
    return is_said and line.intent not in SMALL_TALK and line.intent != OUT_OF_SCOPE
