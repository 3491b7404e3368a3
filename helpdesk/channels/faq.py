"""The knowledge base as a channel shows it beside a conversation, such as in Slack's App Home."""

from connectors.contract import FaqEntry
from helpdesk.channels.help_links import HelpLinks
from knowledge.articles.placeholders import fill_article
from knowledge.search.library import Library

WORTH_SHOWING = 0.05  # confidence below which a candidate is noise even in a list


class LibraryFaq:
    """Searches the library. Connectors know it as the port `Faq`."""

    def __init__(self, library: Library, links: HelpLinks) -> None:
        self._library = library
        self._links = links

    async def search(self, text: str, language: str, *, limit: int = 5) -> list[FaqEntry]:
        """The articles that may answer `text`, best first."""
        found = await self._library.search(text[:500], language, limit=limit)
        keys = [one.article for one in found.candidates if one.confidence >= WORTH_SHOWING][:limit]
        answers = [await self._library.answer(key, language) for key in keys]
        return [
            FaqEntry(
                article=answer.key,
                question=answer.question,
                answer=fill_article(answer.answer, {}),
                link=self._links.to(answer.key, answer.language, answer.question) or "",
            )
            for answer in answers
            if answer is not None
        ]
