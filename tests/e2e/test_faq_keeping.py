"""An admin looks after the FAQ while customers ask: from a gap to an answer and back, with the real bot."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Response, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE, ChatCustomer, Staff, picture

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(420)]

COURSES = "gibt es bei euch auch drechselkurse am wochenende"
NICKNAME = "wann kommt der lindenblitz endlich"
"""What nobody but the customers calls express delivery."""
MEANT = "express-delivery"
NO_ANSWER = re.compile("Anders beschreiben|kenne ich mich nicht aus|Was davon meinen Sie")


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home) as found:
        yield found


@pytest.fixture(scope="module")
def links() -> list[str]:
    """The first admin's link works once: who comes second signs in."""
    return []


async def admin_of(installation: Installation, browser: Browser, used: list[str], **options: object) -> Staff:
    if not used:
        used.append(installation.first_admin_link)
        return await Staff.join(browser, used[0], **options)  # type: ignore[arg-type]
    context = await browser.new_context(**({"viewport": {"width": 1440, "height": 900}, "locale": "de-DE"} | options))  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{installation.origin}/signin")
    await page.fill("[name=email]", "mia@example.com")
    await page.fill("[name=password]", "vier-stille-Kraniche-7")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/desk"))
    return Staff(page=page)


async def ask(
    browser: Browser, installation: Installation, question: str, answer: str | re.Pattern[str]
) -> ChatCustomer:
    """A customer of their own asks and waits for the answer."""
    customer = await ChatCustomer.arrive(browser, installation.origin)
    await customer.write(question)
    await customer.sees(answer)
    return customer


async def publish(page: Page) -> None:
    async with page.expect_response(re.compile("/publish$")) as answer:
        await page.locator("#publish").click()
    response: Response = await answer.value
    assert response.ok, await response.text()


async def has_no_fault(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_a_gap_becomes_an_answer_and_a_rollback_takes_it_back(
    installation: Installation, browser: Browser, links: list[str]
) -> None:
    for _ in range(2):
        await ask(browser, installation, NICKNAME, NO_ANSWER)
    page = (await admin_of(installation, browser, links)).page
    await page.goto(f"{installation.origin}/admin/gaps")
    gap = page.locator(".gap", has_text="lindenblitz")
    await expect(gap).to_contain_text("2 Personen", timeout=PATIENCE)
    await has_no_fault(page)
    await picture(page, "11-gaps")

    await gap.locator("[data-open=add]").click()
    await page.locator("#add [name=other]").fill(MEANT)
    await page.locator("#add button.primary").click()
    await page.wait_for_url(re.compile(f"/admin/articles/edit/{MEANT}"))
    await expect(page.locator("[name=de-phrasings]")).to_have_value(re.compile("lindenblitz"))
    await picture(page, "12-editor")

    await page.goto(f"{installation.origin}/admin/articles/try/{MEANT}")
    await page.locator("#replay button.primary").click()
    await expect(page.locator(".verdict")).to_contain_text("1 besser", timeout=PATIENCE)
    await page.locator(".kind", has_text="Besser").locator("summary").click()
    await has_no_fault(page)
    await picture(page, "13-replay")

    await page.goto(f"{installation.origin}/admin/articles/edit/{MEANT}")
    await publish(page)
    await found(page, NICKNAME, "answer")
    await ask(browser, installation, NICKNAME, re.compile("Express"))

    await page.goto(f"{installation.origin}/admin/articles/history/{MEANT}")
    await picture(page, "14-difference")
    await page.locator("[data-to]").last.click()
    async with page.expect_response(re.compile("/rollback$")) as rolled_back:
        await page.locator("#sure button[value=yes]").click()
    assert (await rolled_back.value).ok
    await found(page, NICKNAME, "none", "clarify")
    await ask(browser, installation, NICKNAME, NO_ANSWER)


async def test_a_new_article_out_of_a_gap_is_live(
    installation: Installation, browser: Browser, links: list[str]
) -> None:
    customer = await ask(browser, installation, COURSES, NO_ANSWER)
    page = (await admin_of(installation, browser, links)).page
    await page.goto(f"{installation.origin}/admin/gaps")
    await page.locator(".gap", has_text=COURSES).locator("[data-open=new]").click()
    await page.locator("#new button.primary").click()
    await page.wait_for_url(re.compile("/admin/articles/edit/"))
    await expect(page.locator("[name=de-question]")).to_have_value(re.compile("drechselkurse"))
    await page.locator("textarea[name=de-answer]").fill("Drechselkurse gibt es **im Herbst**.")
    await publish(page)
    await found(page, COURSES, "answer")

    await customer.write(COURSES)
    await customer.sees("Drechselkurse gibt es im Herbst.")


async def test_a_customer_gets_the_new_words_a_second_after_they_were_published(
    installation: Installation, browser: Browser, links: list[str]
) -> None:
    customer = await ask(browser, installation, "Was kostet der Versand?", "Versand")
    page = (await admin_of(installation, browser, links)).page
    await page.goto(f"{installation.origin}/admin/articles/edit/delivery-cost")
    await page.locator("textarea[name=de-answer]").fill("Der Versand kostet diesen Montag **nichts**.")
    await publish(page)
    await page.wait_for_timeout(1_000)
    again = await ChatCustomer.arrive(browser, installation.origin)
    await again.write("Was kostet der Versand?")
    await again.sees("Der Versand kostet diesen Montag nichts.")
    await picture(again.page, "15-new-words")
    assert "diesen Montag" not in await customer.log.inner_text()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1360), ("dark", 1360), ("light", 390), ("dark", 390)])
async def test_the_pages_can_be_read_in_every_light_and_on_a_phone(
    installation: Installation, browser: Browser, links: list[str], scheme: str, width: int
) -> None:
    await ask(browser, installation, "gibt es bei euch auch kurse fürs bäume schneiden", re.compile("."))
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    page = (await admin_of(installation, browser, links, **options)).page
    for name, path in (
        ("gaps", "gaps"),
        ("replay", f"articles/try/{MEANT}"),
        ("overview", ""),
        ("editor", f"articles/edit/{MEANT}"),
    ):
        await page.goto(f"{installation.origin}/admin/{path}".rstrip("/"))
        await expect(page.locator("h1")).to_be_visible()
        await has_no_fault(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        await picture(page, f"{name}-{scheme}-{width}")


async def found(page: Page, question: str, *outcomes: str) -> None:
    """The search gives such an outcome, asked over and over from the admin's page; `benchmarks.live` says how soon."""
    await page.wait_for_function(
        """async ([text, outcomes]) => {
          const token = document.querySelector('meta[name="csrf"]').content;
          const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token };
          const answer = await fetch("/admin/api/ask", { method: "POST", headers, body: JSON.stringify({ text }) });
          return answer.ok && outcomes.includes((await answer.json()).outcome);
        }""",
        arg=[question, list(outcomes)],
        polling=50,
    )
