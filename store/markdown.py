"""The one sanitiser: Markdown from anyone, bot and knowledge base included, becomes HTML that can do no harm."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

ELEMENTS = frozenset(
    "p br strong em a ul ol li code pre blockquote h3 h4 hr del table thead tbody tr th td".split()  # noqa: SIM905
)
_SCHEMES = {"http", "https", "mailto", "tel"}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2048)
def render(text: str) -> str:
    """Safe HTML of Markdown `text`. Raw HTML in it is shown as text; links open without a trace of where from."""
    html = _markdown.render(text)
    for big, small in (("h1", "h3"), ("h2", "h3"), ("h5", "h4"), ("h6", "h4"), ("s", "del")):
        html = html.replace(f"<{big}>", f"<{small}>").replace(f"</{big}>", f"</{small}>")
    return nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes={"*": set(), "a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
