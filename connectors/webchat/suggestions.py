"""Looking up what a customer is still writing: one search at a time, and only the newest text counts."""

import asyncio
from collections.abc import Awaitable, Callable

from connectors.contract import Chat
from connectors.webchat.frames import Frame, QuestionDraft, suggestions_frame
from connectors.webchat.passing_faults import is_passing


class DraftSuggestions:
    """The suggestions of one open chat. A newer draft takes the place of one that hasn't been answered yet."""

    def __init__(self, chat: Chat, write: Callable[[Frame], Awaitable[None]]) -> None:
        self._chat = chat
        self._write = write
        self._wanted: tuple[QuestionDraft, str] | None = None
        self._news = asyncio.Event()

    def look_up(self, draft: QuestionDraft, language: str) -> None:
        """This is what the customer has written now."""
        self._wanted = (draft, language)
        self._news.set()

    def drop(self) -> None:
        """Nothing is wanted any more; an answer that is still being looked for isn't sent."""
        self._wanted = None

    async def run(self) -> None:
        """Look up and answer until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            if (wanted := self._wanted) is None:
                continue
            draft, language = wanted
            try:
                found = await self._chat.suggest(draft.text, language)
            except Exception as error:
                if not is_passing(error):
                    raise
                continue
            if wanted is self._wanted:
                self._wanted = None
                await self._write(suggestions_frame(draft, found))
