"""An offer that agents may make, and the sentence for it in each language and form. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from store.errors import Invalid

MAX_NAME = 40
MAX_TEXT = 1_000
CATALOGS = ("de", "de@informal", "en")
"""The forms that a sentence is written in: German with Sie, German with du, English."""
EVERY_TOPIC = ""


class AllowanceProblem(Invalid):
    """What was entered for an allowance isn't whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`topic` is a category of articles or `EVERY_TOPIC`; `texts` has a sentence for some of `CATALOGS`."""

    name: str
    topic: str
    texts: Mapping[str, str]
    is_on: bool = True

    def text_in(self, language: str, form: str) -> str:
        """The sentence for a conversation; "" where none is written for it, rather than one in another form."""
        return self.texts.get("de@informal" if language == "de" and form == "du" else language, "")

    def is_for(self, topic: str | None) -> bool:
        """Whether it may be offered in a conversation about `topic`."""
        return self.is_on and self.topic in {EVERY_TOPIC, topic}


def tidy_allowance(entered: Allowance) -> Allowance:
    """Without superfluous blanks and empty sentences. Raises `AllowanceProblem`."""
    name = " ".join(entered.name.split())
    texts = {catalog: entered.texts.get(catalog, "").strip() for catalog in CATALOGS}
    if not name or len(name) > MAX_NAME:
        raise AllowanceProblem("Expected a name of 1 to 40 characters.", code="allowance_name", fields=["name"])
    if not any(texts.values()):
        raise AllowanceProblem("Expected a sentence in at least one language.", code="allowance_text", fields=["texts"])
    if any(len(text) > MAX_TEXT for text in texts.values()):
        raise AllowanceProblem("A sentence has at most 1000 characters.", code="allowance_long", fields=["texts"])
    return replace(
        entered, name=name, topic=entered.topic.strip(), texts={key: text for key, text in texts.items() if text}
    )
