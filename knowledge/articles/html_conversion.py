"""HTML of other systems becomes the Markdown that articles are kept in."""

import re
from dataclasses import replace

import nh3

from knowledge.articles.content import Content

_TAGS = frozenset(
    """
    a abbr article b blockquote body br code col dd del details div dl dt em figcaption figure font footer form h1 h2 h3
    h4 h5 h6 head header hr html i iframe img input ins kbd label li link main mark meta nav object ol option p pre q s
    samp script section select small span strike strong style sub summary sup svg table tbody td textarea tfoot th thead
    title tr u ul video
    """.split()  # noqa: SIM905
)
_KEPT = set(
    "a b blockquote br code del div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s strong "  # noqa: SIM905
    "table tbody td th thead tr ul".split()
)
_TAG = re.compile(rf"(?<!\\)</?(?:{'|'.join(sorted(_TAGS))})(?=[\s/>])[^<>]*>|(?<!\\)<!--", re.IGNORECASE)
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_BLOCK = re.compile(r"<(?:p|div|ul|ol|li|table|h[1-6]|blockquote|pre|section|article|body|html)[\s/>]", re.IGNORECASE)
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_EMPTY_LINES = re.compile(r"\n{3,}")


def holds_html(text: str) -> bool:
    """Whether HTML elements stand in the text, other than in Markdown's code."""
    return bool(_TAG.search(_CODE.sub(" ", text)))


def to_markdown(text: str) -> str:
    """HTML as safe Markdown: scripts, styles and unknown addresses are gone. Markdown stays as it is.

    Where only a few inline elements stand in Markdown, its lines are kept. Doing it again changes nothing, so that an
    export comes back exactly.
    """
    if not holds_html(text):
        return text
    from knowledge.articles.markdown_converter import convert_html  # a fifth of a second of start, for imports alone

    html = text if _BLOCK.search(text) else text.replace("\n", "<br>")
    clean = nh3.clean(html, tags=_KEPT, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})
    return _EMPTY_LINES.sub("\n\n", _without_tags(convert_html(clean))).strip()


def to_markdown_content(content: Content) -> Content:
    """The same content with every answer in Markdown."""
    variants = {
        language: replace(wording, answer=to_markdown(wording.answer)) for language, wording in content.variants.items()
    }
    return replace(content, variants=variants)


def _without_tags(text: str) -> str:
    """What looks like HTML now was meant as text; a backslash says so."""
    escaped = _TAG.sub(lambda tag: "\\" + tag.group(), text) if holds_html(text) else text
    return re.sub(r"(?<!\\)<", r"\\<", escaped) if holds_html(escaped) else escaped
