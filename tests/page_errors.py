"""What goes wrong inside a page while a test looks at it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Page


def page_errors(page: "Page") -> list[str]:
    """The page's errors, and what its content security policy has refused, as they come from now on."""
    errors = list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    return errors
