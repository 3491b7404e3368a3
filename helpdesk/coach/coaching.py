"""All rules over one draft. Pure: the clock, the customer's lines and the article are handed in."""

from collections.abc import Callable, Collection
from datetime import datetime, tzinfo

from helpdesk.coach.address import find_address
from helpdesk.coach.blame import find_blame
from helpdesk.coach.contradiction import find_contradiction
from helpdesk.coach.draft import Draft
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.length import find_length
from helpdesk.coach.open_promise import find_open_promise
from helpdesk.coach.open_questions import find_open_question
from helpdesk.coach.refusal import find_refusal
from helpdesk.coach.wrong_language import find_wrong_language

_RULES: dict[HintKind, Callable[[Draft], CoachHint | None]] = {
    HintKind.BLAME: find_blame,
    HintKind.REFUSAL: find_refusal,
    HintKind.ADDRESS: find_address,
    HintKind.PROMISE: find_open_promise,
    HintKind.QUESTION: find_open_question,
    HintKind.LENGTH: find_length,
}
MIN_LENGTH = 8
"""Characters of a draft that says something."""


def find_hints(draft: Draft, *, article: str = "", off: Collection[str] = ()) -> tuple[CoachHint, ...]:
    """What there is to say of a draft, at most one of each kind, in the order of `HintKind`.

    `article` is the answer that the knowledge base has to the customer's question, in the draft's language. Kinds in
    `off` are left out. In the wrong language, nothing else can be told.
    """
    if len(draft.own_words) < MIN_LENGTH:
        return ()
    if HintKind.LANGUAGE not in off and (wrong := find_wrong_language(draft)):
        return (wrong,)
    found = [rule(draft) for kind, rule in _RULES.items() if kind not in off]
    if article and HintKind.ARTICLE not in off:
        found.insert(0, find_contradiction(draft, article))
    return tuple(hint for hint in found if hint is not None)


def read_draft(
    text: str, language: str, asked: Collection[str], now: datetime, zone: tzinfo, form: str = "sie"
) -> Draft:
    """A draft by its most important parts, for whoever tries the rules."""
    return Draft(text=text, language=language, form=form, asked=tuple(asked), now=now, zone=zone)
