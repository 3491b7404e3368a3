"""Which canned replies fit what an agent types, the best first. Pure; words are folded as the knowledge search does."""

from collections.abc import Iterable, Sequence

from helpdesk.canned_replies.reply_store import ReplyView
from knowledge.normalization import fold, words

MAX_FOUND = 30


def find_replies(replies: Iterable[ReplyView], query: str, *, limit: int = MAX_FOUND) -> list[ReplyView]:
    """Those in which every word of `query` begins a word: by shortcut first, then by title, then by text.

    Without a query those that are used most. Of equals, the one that is used more comes first, then one's own.
    """
    wanted = words(query)
    ranked = [
        (rank, -reply.uses, not reply.owner, reply.draft.title.casefold(), reply)
        for reply in replies
        if (rank := _rank(reply, query, wanted)) is not None
    ]
    return [reply for *_, reply in sorted(ranked, key=lambda one: one[:4])][:limit]


def _rank(reply: ReplyView, query: str, wanted: Sequence[str]) -> int | None:
    """0: the shortcut itself, 1: its beginning, 2: the title, 3: the text; None: not found."""
    typed, shortcut = fold(query.strip().removeprefix("/")), fold(reply.draft.shortcut)
    if not wanted:
        return 0
    if typed == shortcut:
        return 0
    if shortcut.startswith(typed):
        return 1
    title = words(f"{reply.draft.shortcut} {reply.draft.title}")
    if _all_begin(wanted, title):
        return 2
    text = [word for text in reply.draft.texts.values() for word in words(text)]
    return 3 if _all_begin(wanted, [*title, *text]) else None


def _all_begin(wanted: Sequence[str], there: Sequence[str]) -> bool:
    return all(any(word.startswith(one) for word in there) for one in wanted)
