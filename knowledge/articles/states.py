"""The table of an article's way to customers: how far it is, what is done with it, how far it is then."""

from store.errors import Conflict
from store.models.states import ArticleEvent, ArticleState

_DRAFT, _REVIEW = ArticleState.DRAFT, ArticleState.REVIEW
_PUBLISHED, _ARCHIVED = ArticleState.PUBLISHED, ArticleState.ARCHIVED

TRANSITIONS: dict[tuple[ArticleState, ArticleEvent], ArticleState] = {
    (_DRAFT, ArticleEvent.SAVE): _DRAFT,
    (_REVIEW, ArticleEvent.SAVE): _REVIEW,
    (_PUBLISHED, ArticleEvent.SAVE): _DRAFT,
    (_ARCHIVED, ArticleEvent.SAVE): _ARCHIVED,
    (_DRAFT, ArticleEvent.SUBMIT): _REVIEW,
    (_REVIEW, ArticleEvent.RETURN): _DRAFT,
    (_DRAFT, ArticleEvent.PUBLISH): _PUBLISHED,
    (_REVIEW, ArticleEvent.PUBLISH): _PUBLISHED,
    (_ARCHIVED, ArticleEvent.PUBLISH): _PUBLISHED,
    (_DRAFT, ArticleEvent.DISCARD): _PUBLISHED,
    (_REVIEW, ArticleEvent.DISCARD): _PUBLISHED,
    (_ARCHIVED, ArticleEvent.DISCARD): _ARCHIVED,
    (_DRAFT, ArticleEvent.ARCHIVE): _ARCHIVED,
    (_REVIEW, ArticleEvent.ARCHIVE): _ARCHIVED,
    (_PUBLISHED, ArticleEvent.ARCHIVE): _ARCHIVED,
    (_ARCHIVED, ArticleEvent.RESTORE): _PUBLISHED,
    (_ARCHIVED, ArticleEvent.REOPEN): _DRAFT,
    (_DRAFT, ArticleEvent.ROLLBACK): _DRAFT,
    (_REVIEW, ArticleEvent.ROLLBACK): _REVIEW,
    (_PUBLISHED, ArticleEvent.ROLLBACK): _PUBLISHED,
    (_DRAFT, ArticleEvent.IMPORT): _DRAFT,
    (_REVIEW, ArticleEvent.IMPORT): _REVIEW,
    (_PUBLISHED, ArticleEvent.IMPORT): _PUBLISHED,
    (_ARCHIVED, ArticleEvent.IMPORT): _PUBLISHED,
}
"""A rollback or an import changes what customers see underneath a draft; the draft stays on top of it."""


def next_state(state: ArticleState, event: ArticleEvent) -> ArticleState:
    """The state after `event`. Raises `Conflict` where the table has no line for it."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        possible = sorted(known for from_, known in TRANSITIONS if from_ == state)
        raise Conflict(
            f"An article that is '{state}' can't '{event}'; possible: {', '.join(possible)}.",
            code="article_state",
            state=str(state),
            event=str(event),
        ) from None


def possible_events(state: ArticleState) -> frozenset[ArticleEvent]:
    """What can be done with an article that is in `state`."""
    return frozenset(event for from_, event in TRANSITIONS if from_ == state)
