"""The one sentence that the contact reads before a person does: what we understood, in the contact's own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.summary.inputs import Correction
from helpdesk.handoff.summary.requests import request_in
from helpdesk.handoff.summary.sentences import CUT, cut_words
from helpdesk.handoff.summary.topics import telling_topics

MAX_LENGTH = 160  # characters, quotation marks included: one glance on a phone
_WORDS = (28, 20, 14, 9)
"""How many words are tried, most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """`text` is a quotation in the quotation marks of the contact's language, `turns` where it stands.

    Both are empty where the contact has said nothing that is about a matter.
    """

    text: str
    turns: tuple[int, ...]


def restate(
    said: Sequence[DialogueLine], *, quoted: Callable[[str], str], correction: Correction | None = None
) -> Restatement:
    """The request in at most `MAX_LENGTH` characters. Du or Sie play no part: the words are the contact's.

    `quoted` puts a text into the quotation marks of the contact's language.
    """
    topics = telling_topics(said)
    tried = [request_in(said, topics, correction, limit=limit) for limit in _WORDS]
    quotes = [request.quote for request in tried if request]
    if not quotes:
        return Restatement(text="", turns=())
    best = next((each for each in quotes if len(each.text) <= MAX_LENGTH - 2), quotes[-1])
    return Restatement(text=quoted(_cut(best.text)), turns=best.turns)


def _cut(text: str) -> str:
    """What is still too long, cut between words; a single endless word is cut within."""
    for limit in range(_WORDS[0], 0, -1):
        if len(text) <= MAX_LENGTH - 2:
            return text
        text = cut_words(text, limit)
    return text[: MAX_LENGTH - 4].rstrip(f" {CUT}") + f" {CUT}" if len(text) > MAX_LENGTH - 2 else text
