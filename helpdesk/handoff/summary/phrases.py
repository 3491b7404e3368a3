"""What a summary says that nobody said: its fixed wording, which comes from outside in the reader's language."""

from datetime import datetime
from typing import Protocol


class SummaryPhrases(Protocol):
    """The fixed wording in one language. `phrase` knows labels, outcomes, kinds of facts, moods and next steps."""

    @property
    def language(self) -> str: ...

    def phrase(self, name: str, **values: str) -> str: ...

    def quoted(self, text: str) -> str: ...

    def language_name(self, language: str) -> str: ...

    def moment(self, at: datetime) -> str: ...
