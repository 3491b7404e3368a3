"""Markdown of HTML that is clean already, by markdownify and Beautiful Soup, which only imports need."""

from typing import Any

from markdownify import MarkdownConverter


def convert_html(html: str) -> str:
    """The same text in Markdown."""
    converter = _Converter(heading_style="atx", bullets="-", escape_asterisks=False, escape_underscores=False)
    return str(converter.convert(html))


class _Converter(MarkdownConverter):
    """Pictures become links: the chat shows no pictures of other sites."""

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        address = el.attrs.get("src", "")
        return f"[{el.attrs.get('alt') or address}]({address})" if address else ""

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        return " " if "_inline" in parent_tags else "\n"
