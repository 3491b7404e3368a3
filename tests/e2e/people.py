"""A customer and an agent with a browser each, doing what people do."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.page_errors import page_errors

PATIENCE = 60_000  # milliseconds
PICTURES = os.environ.get("STAFFEL_TEST_PICTURES", "")


async def picture(page: Page, name: str) -> None:
    """Keep what the screen shows, if the run asks for pictures (STAFFEL_TEST_PICTURES=folder)."""
    if PICTURES:
        await page.wait_for_timeout(400)  # movements have ended
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCustomer:
    """Somebody on the shop's page with the web chat; `errors` are the page's."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def chat(self) -> Locator:
        """The web chat."""
        return self.page.locator("staffel-chat")

    @property
    def log(self) -> Locator:
        """The list of messages."""
        return self.chat.get_by_role("log")

    @classmethod
    async def arrive(cls, browser: Browser, origin: str, *, language: str = "de", **options: object) -> "ChatCustomer":
        """Open the shop's page and its chat."""
        context = await browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))  # type: ignore[arg-type]
        page = await _page(context)
        customer = cls(page=page, errors=page_errors(page))
        await page.goto(f"{origin}/?lang={language}")
        await customer.chat.locator("button.launcher").click()
        await expect(customer.log).to_contain_text("Staffel", timeout=PATIENCE)
        return customer

    async def write(self, text: str) -> None:
        """Type a message and send it."""
        await self.chat.locator("textarea").fill(text)
        await self.chat.locator("textarea").press("Enter")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait for words in the log."""
        await expect(self.log).to_contain_text(text, timeout=PATIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody at the desk."""

    page: Page

    @classmethod
    async def join(
        cls, browser: Browser, link: str, *, name: str = "Mia Weber", email: str = "mia@example.com", **options: object
    ) -> "Staff":
        """Follow a one-time link, choose a password, and sit down at the desk."""
        context = await browser.new_context(
            **({"viewport": {"width": 1440, "height": 900}, "locale": "de-DE"} | options)  # type: ignore[arg-type]
        )
        page = await _page(context)
        await page.goto(link)
        await page.fill("input[name=name]", name)
        if await page.locator("input[name=email]").is_editable():
            await page.fill("input[name=email]", email)
        await page.fill("input[name=password]", "vier-stille-Kraniche-7")
        await page.locator("form button.primary").click()
        await page.wait_for_url(re.compile(r"/(desk|admin)"))
        await page.goto(re.sub(r"/invitation/.*", "/desk", link))
        staff = cls(page=page)
        await staff.is_online()  # who looks after the installation only looks in until they say so
        return staff

    async def is_online(self) -> None:
        """Take conversations from now on."""
        await self.page.locator("#availability label.online").click()
        await expect(self.page.locator("#availability input[value=online]")).to_be_checked()

    async def open_first(self, view: str = "queue") -> None:
        """Open what is offered to me, else the first conversation of a list."""
        await self.page.locator(f".views button[data-view={view}]").click()
        await self.page.locator("#offers .offer-look, #list li").first.click()
        await expect(self.page.locator("#open")).to_be_visible()

    async def do(self, what: str) -> None:
        """Press accept, resolve, return …"""
        button = self.page.locator(f"[data-do={what}]")
        if not await button.is_visible():
            await self.page.locator("#more summary").click()
        await button.click()

    async def answer(self, text: str) -> None:
        """Write to the customer."""
        await self.page.locator("#text").fill(text)
        await self.page.locator("#send").click()
        await expect(self.page.locator("#lines")).to_contain_text(text.replace("**", ""), timeout=PATIENCE)


async def _page(context: BrowserContext) -> Page:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    return page
