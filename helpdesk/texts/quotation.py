"""Quotation marks of the reader's language, so that nobody takes what is quoted for ours."""

from i18n import Domain, catalog


def quoted(text: str, language: str, domain: Domain) -> str:
    """A text in quotation marks."""
    return catalog(domain, language).gettext("“{text}”").format(text=text)
