"""What search engines read: descriptions, schema.org data, the sitemap. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import unescape
from xml.sax.saxutils import escape, quoteattr

import nh3
from babel import Locale
from babel.core import get_global
from markupsafe import Markup

from i18n import locale_of
from store.markdown import render

#: Characters of a description: a shorter one says little, search engines cut longer ones.
_MIN_LENGTH, _MAX_LENGTH = 50, 160
_SENTENCE_END = re.compile(r"[.!?…:](?=\s)")
_TAG = re.compile(r"<[^>]+>")
_SCRIPT_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@lru_cache(maxsize=4096)
def describe(answer: str) -> str:
    """The first sentence or two of an answer in Markdown, as plain text of at most 160 characters."""
    spaced = _TAG.sub(lambda tag: f"{tag.group()} ", render(answer))
    text = " ".join(unescape(nh3.clean(spaced, tags=set())).split())
    text = re.sub(r"\s+([.,;:!?])", r"\1", text)
    end = next((found.end() for found in _SENTENCE_END.finditer(text) if found.end() >= _MIN_LENGTH), len(text))
    first = text[:end].rstrip(":")
    return first if len(first) <= _MAX_LENGTH else first[: _MAX_LENGTH - 1].rpartition(" ")[0].rstrip(" ,;:–") + "…"


def og_locale(language: str) -> str:
    """A language as Open Graph wants it, with the territory that it is mostly spoken in: "de_DE"."""
    locale = locale_of(language)
    likely = locale if locale.territory else Locale.parse(get_global("likely_subtags").get(language, str(locale)))
    return "_".join(filter(None, (likely.language, likely.territory)))


def faq_data(question: str, answer: str, language: str, changed: datetime | None) -> Markup:
    """An article as schema.org's FAQPage in JSON-LD, safe inside a script element: no `<` stands in it."""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": render(answer)},
            }
        ],
    }
    if changed:
        data["dateModified"] = changed.isoformat(timespec="seconds")
    return Markup(json.dumps(data, ensure_ascii=False).translate(_SCRIPT_SAFE))  # noqa: S704 - nothing in it can end the element


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """An address of the sitemap with the same page in other languages."""

    address: str
    alternates: Mapping[str, str]
    changed: datetime | None = None


def sitemap(pages: Iterable[SitemapEntry]) -> str:
    """XML as sitemaps.org and Google's localised versions want it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        + "".join(_listed(page) for page in pages)
        + "</urlset>\n"
    )


def _listed(page: SitemapEntry) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(address)}/>'
        for language, address in page.alternates.items()
    )
    changed = f"<lastmod>{page.changed.isoformat(timespec='seconds')}</lastmod>" if page.changed else ""
    return f"<url><loc>{escape(page.address)}</loc>{changed}{links}</url>\n"


def robots(origin: str, *, help_centre: bool) -> str:
    """What search engines may look at: the help centre's pages, and nothing of the staff's."""
    closed = ("/desk", "/admin", "/account", "/signin", "/invitation", "/api/", "/internal/", "/webchat/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if help_centre:
        lines += ["Disallow: /help/*/search", "Allow: /help/", "", f"Sitemap: {origin}/sitemap.xml"]
    return "\n".join(lines) + "\n"
