"""More words than anybody reads in a chat. Pure."""

from helpdesk.coach.draft import WORD, Draft, list_lines
from helpdesk.coach.hint import CoachHint, HintKind

MAX_WORDS = 120
"""Words of an answer in a chat; at that length it fills a phone's screen."""
MAX_LETTER_WORDS = 240
"""Words of an e-mail."""


def find_length(draft: Draft) -> CoachHint | None:
    """Steps of a list are read one by one, and count half."""
    limit = MAX_LETTER_WORDS if draft.is_letter else MAX_WORDS
    listed = sum(len(WORD.findall(line)) for line in list_lines(draft.body))
    count = len(WORD.findall(draft.body)) - listed // 2
    return CoachHint(kind=HintKind.LENGTH, found=str(count), instead=str(limit)) if count > limit else None
