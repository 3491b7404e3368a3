"""Lines that were committed a moment ago, for the screens of this process, so that they need not read them again."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from store.models import Conversation, Message

_MAX_WAITING = 100  # changes that a screen which is slow to read is kept; it reads the log for what is older


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedChange:
    """One transaction's lines of a conversation, and its row as they left it. Nobody changes either any more."""

    conversation: Conversation
    lines: tuple[Message, ...]


type ScreenChanges = deque[CommittedChange]


class FreshLines:
    """Hands what was committed to the screens that show the conversation. The log stays the truth: this may be lost."""

    def __init__(self) -> None:
        self._screens: defaultdict[str, list[ScreenChanges]] = defaultdict(list)

    @contextmanager
    def watching(self, conversation_id: str) -> Iterator[ScreenChanges]:
        """What is committed to a conversation until the block ends, the oldest first, for the reader to take out."""
        changes: ScreenChanges = deque(maxlen=_MAX_WAITING)
        self._screens[conversation_id].append(changes)
        try:
            yield changes
        finally:
            self._screens[conversation_id].remove(changes)
            if not self._screens[conversation_id]:
                del self._screens[conversation_id]

    def offer(self, conversation: Conversation, lines: Sequence[Message]) -> None:
        """Hand out what was committed; before the hint at it."""
        for changes in self._screens.get(conversation.id, ()):
            changes.append(CommittedChange(conversation=conversation, lines=tuple(lines)))
