"""What topics are called: the categories of articles, teams and handoffs."""

from helpdesk.channels.help_links import fold
from helpdesk.web.words import words_in


def topic_name(category: str, language: str) -> str:
    """A name of ours for a category of the sample, any other as it is written, without hyphens and small beginnings."""
    written = category.replace("_", " ").replace("-", " ").strip()
    return words_in(language).get(f"help_topic_{fold(category)}") or written[:1].upper() + written[1:]
