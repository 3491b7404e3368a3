"""The one sentence that the contact reads before a person does: what we understood, in the contact's own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.summary.inputs import Correction
from helpdesk.handoff.summary.requests import MAX_LENGTH, request_in
from helpdesk.handoff.summary.sentences import CUT, cut_words
from helpdesk.handoff.summary.topics import telling_topics

_MAX_CUT_WORDS = 28


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
    request = request_in(said, telling_topics(said), correction)
    if request is None:
        return Restatement(text="", turns=())
    return Restatement(text=quoted(_cut(request.quote.text)), turns=request.quote.turns)


def _cut(text: str) -> str:
    """What is still too long, cut between words; a single endless word is cut within."""
    for limit in range(_MAX_CUT_WORDS, 0, -1):
        if len(text) <= MAX_LENGTH - 2:
            return text
        text = cut_words(text, limit)
    return text[: MAX_LENGTH - 4].rstrip(f" {CUT}") + f" {CUT}" if len(text) > MAX_LENGTH - 2 else text
