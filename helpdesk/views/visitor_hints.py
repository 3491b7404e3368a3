"""What a customer's browser is told as it happens: that somebody types, that lines have come, that access has ended."""

from collections.abc import Callable, Sequence

from connectors.contract import AccessHint, ChangeHint, LogNews, TypingHint
from helpdesk.observability.change_hints import AccessChange, ConversationChange, Hint, Subscription, Typing
from store.models import Conversation, Message


class KnownAgent:
    """The agent who has the conversation on a screen, as the lines that agents write there name them."""

    def __init__(self) -> None:
        self._id: str | None = None
        self._name: str | None = None

    def name_in(self, conversation: Conversation, messages: Sequence[Message]) -> str | None:
        """The owner's name; `None` for a conversation without an owner, and where it isn't known."""
        for message in messages:
            if message.agent_id is not None and message.author_name:
                self._id, self._name = message.agent_id, message.author_name
        return self._name if conversation.agent_id == self._id else None


class VisitorHints:
    """Hints about one conversation, without what the customer is writing themselves."""

    def __init__(self, subscription: Subscription, news: Callable[[], LogNews | None]) -> None:
        self._subscription = subscription
        self._news = news

    async def next(self) -> TypingHint | ChangeHint | AccessHint:
        """Wait for the next hint that concerns the customer."""
        while True:
            hint = await self._subscription.next()
            if isinstance(hint, AccessChange):
                return AccessHint()
            if not isinstance(hint, Typing):
                return self._change(hint)
            if hint.author != "contact":
                return TypingHint(author=hint.author, name=hint.name, on=hint.on)

    def _change(self, hint: Hint) -> ChangeHint:
        """What has changed here; where another process is ahead, it has to be read."""
        news = self._news()
        is_behind = isinstance(hint, ConversationChange) and news is not None and news.last_seq < hint.seq
        return ChangeHint(news=None if is_behind else news)
