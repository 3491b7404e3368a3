"""Trying a draft before customers see it: one question, the questions of the last days, and what is too close to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from gettext import NullTranslations
from itertools import groupby
from typing import Annotated, Any, Literal

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from actions import words as bot_words
from helpdesk.accounts.roles import Capability
from helpdesk.insights.replay import Changes, DraftReplay, ReplayProgress
from helpdesk.web.admin.gaps.routes import PERIODS, name_in
from helpdesk.web.admin.replay.words import COUNTS, PARTS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import catalog, language_name, translate
from knowledge.articles import drafts as articles
from knowledge.articles.article_list import ArticleFilter, list_articles
from knowledge.articles.drafts import ArticleView
from knowledge.articles.masking import mask
from knowledge.message.replay import OFFERED, Replay, ReplayChange, ReplayEffect, ReplayReply
from knowledge.search.duplicates import NeighbourArticle, PhrasingClash, find_neighbours
from knowledge.search.index import Snapshot
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.errors import HelpdeskError
from store.markdown import render

log = structlog.get_logger()

_MAX_SHOWN = 100  # changes of one kind; their number is always said
_MAX_CANDIDATES = 5
_MAX_PHRASINGS = 200

type What = Literal["draft", "all", "archive"]


class ReplayQuestionBody(Body):
    """A question, and what is tried on it."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    what: What = "draft"


class ReplayPeriodBody(Body):
    """The days whose questions are replayed, and what is tried on them."""

    days: Literal[7, 30, 90] = 30
    what: What = "draft"


class WordingsBody(Body):
    """What is being written, as far as it is written: only questions and phrasings are looked at."""

    content: dict[str, Any]


def replay_routes(
    *,
    db: Database,
    library: Library,
    recent: CachedEmbedder,
    pages: Pages,
    replay: DraftReplay | None = None,
) -> list[BaseRoute]:
    """The doors of this module. `replay` is shared with whoever else tries drafts: one at a time on an instance."""
    doors = _ReplayPages(db, library, recent, replay or DraftReplay(db, library), pages)
    one = "/admin/api/articles/{key}"
    return [
        route("/admin/articles/try/{key}", doors.show, access=Capability.ARTICLES),
        route(f"{one}/try", doors.try_question, access=Capability.ARTICLES, methods=["POST"]),
        route(f"{one}/replay", doors.replay, access=Capability.ARTICLES, methods=["POST"]),
        route(f"{one}/neighbours", doors.show_neighbours, access=Capability.ARTICLES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ReplayPages:
    db: Database
    library: Library
    recent: CachedEmbedder
    rehearsal: DraftReplay
    pages: Pages

    async def show(self, request: Request) -> Response:
        view, language = await articles.load(self.db, _key(request)), self.pages.language(request)
        drafts = len(await list_articles(self.db, ArticleFilter(has_draft=True)))
        return self.pages.render(
            request,
            "admin/replay/replay.html",
            view=view,
            title=view.content.in_language(language)[1].question,
            choices=_choices(view, drafts),
            drafts=drafts,
            periods=PERIODS,
            texts=self.pages.texts(request, WORDS, COUNTS),
        )

    async def try_question(self, request: Request) -> Response:
        wanted = await read(request, ReplayQuestionBody)
        trial = await self.rehearsal.try_question(await self._changes(_key(request), wanted.what), wanted.text)
        language = self.pages.language(request)
        return Json(
            {
                "now": self._shown(trial.before, trial.now, language),
                "then": self._shown(trial.after, trial.then, language),
            }
        )

    async def replay(self, request: Request) -> Response:
        wanted = await read(request, ReplayPeriodBody)
        changes = await self._changes(_key(request), wanted.what)
        lines = self._lines(request, changes, wanted.days)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def show_neighbours(self, request: Request) -> Response:
        phrasings = _phrasings((await read(request, WordingsBody)).content)
        snapshot, language = self.library.snapshot, self.pages.language(request)
        vectors = await asyncio.to_thread(self.recent.embed_queries, phrasings)
        found = await asyncio.to_thread(find_neighbours, snapshot, _key(request), phrasings, vectors)
        named = partial(name_in, snapshot, language)
        messages = self.pages.messages(request)
        return Json(
            {
                "title": messages.gettext("Similar articles"),
                "none": messages.gettext("No other article says nearly the same."),
                "neighbours": [
                    {"article": one.article, "question": named(one.article), "sentences": _sentences(one, messages)}
                    for one in found
                ],
            }
        )

    async def _changes(self, key: str, what: What) -> Changes:
        if what == "all":
            drafts = await list_articles(self.db, ArticleFilter(has_draft=True))
            return {view.key: view.draft for view in drafts if view.draft}
        view = await articles.load(self.db, key)
        return {key: view.draft if what == "draft" else None} if what == "archive" or view.draft else {}

    async def _lines(self, request: Request, changes: Changes, days: int) -> AsyncIterator[bytes]:
        """One JSON object a line: progress, then the result or an error."""
        language = self.pages.language(request)
        try:
            async for step in self.rehearsal.replay(changes, days=days):
                shown = step if isinstance(step, ReplayProgress) else self._result(step, changes, language)
                yield bytes(Json(shown).body) + b"\n"
        except HelpdeskError as error:
            yield json.dumps({"error": message_of(self.pages, request, error)}).encode() + b"\n"
        except Exception:
            log.exception("replay.broke", days=days)
            yield (
                json.dumps(
                    {"error": catalog("staff", language).gettext("That didn't work. Please try again.")}
                ).encode()
                + b"\n"
            )

    def _shown(self, snapshot: Snapshot, found: SearchResult, language: str) -> dict[str, Any]:
        """What the customer would see, and the candidates behind it."""
        spoken = found.language or language
        named = partial(name_in, snapshot, language)
        return {
            "outcome": found.outcome,
            "html": render(self._words(snapshot, found, spoken)),
            "choices": [one.question for one in found.candidates[:OFFERED]]
            if found.outcome is SearchOutcome.CLARIFY
            else [],
            "candidates": [
                {"article": one.article, "question": named(one.article), "confidence": round(one.confidence, 3)}
                for one in found.candidates[:_MAX_CANDIDATES]
            ],
        }

    def _words(self, snapshot: Snapshot, found: SearchResult, language: str) -> str:
        """The bot's own words, as it says them first."""
        voice = bot_words.voice_of(language, self.pages.formality)
        if found.outcome is not SearchOutcome.ANSWER:
            said = bot_words.WHICH_ONE if found.outcome is SearchOutcome.CLARIFY else bot_words.NOT_FOUND
            return bot_words.choose(said, voice, ())
        written_in, wording = snapshot.by_key[found.candidates[0].article].content.in_language(language)
        if written_in == language:
            return wording.answer
        foreign = bot_words.choose(bot_words.ONLY_IN_OTHER_LANGUAGE, voice, ())
        return f"{foreign.format(language=language_name(written_in, language))}\n\n{wording.answer}"

    def _result(self, replay: Replay, changes: Changes, language: str) -> dict[str, Any]:
        def named(key: str) -> str:
            draft = changes.get(key)
            return draft.in_language(language)[1].question if draft else name_in(self.library.snapshot, language, key)

        by_kind = {kind: list(group) for kind, group in groupby(replay.changes, key=lambda change: change.kind)}
        return {
            "verdict": verdict(replay, language),
            "kinds": [
                {
                    "kind": kind,
                    "count": len(changes_),
                    "changes": [_change(change, named) for change in changes_[:_MAX_SHOWN]],
                }
                for kind, changes_ in by_kind.items()
            ],
            "clashes": [
                {"first": named(clash.articles[0]), "second": named(clash.articles[1]), "questions": clash.questions}
                for clash in replay.clashes
            ],
        }


def verdict(replay: Replay, language: str) -> list[str]:
    """What an admin has to know, in two or three sentences."""
    messages = catalog("staff", language)
    if not replay.asked:
        return [messages.gettext("Nobody has asked anything in this period yet.")]

    def questions(count: int) -> str:
        return messages.ngettext("{count} question", "{count} questions", count).format(count=count)

    kinds = (ReplayEffect.BETTER, ReplayEffect.WORSE, ReplayEffect.UNCLEAR, ReplayEffect.DIFFERENT)
    changed, reworded = replay.count(*kinds), replay.count(ReplayEffect.REWORDED)
    parts = ", ".join(
        translate(messages, PARTS[kind]).format(count=replay.count(kind)) for kind in kinds if replay.count(kind)
    )
    sentence = messages.ngettext("{changed} changes: {parts}.", "{changed} change: {parts}.", changed)
    return [
        sentence.format(changed=questions(changed), parts=parts) if changed else messages.gettext("No answer changes."),
        *(
            [messages.gettext("{count} get the same article with its new text.").format(count=questions(reworded))]
            if reworded
            else []
        ),
        messages.gettext("Replayed: {questions}, {often}.").format(
            questions=messages.ngettext(
                "{count} different question", "{count} different questions", replay.asked
            ).format(count=replay.asked),
            often=messages.npgettext("a question", "asked once", "asked {count} times", replay.times).format(
                count=replay.times
            ),
        ),
    ]


def _change(change: ReplayChange, named: Callable[[str], str]) -> dict[str, Any]:
    return {
        "text": mask(change.question.text),
        "language": change.question.language,
        "customers": change.question.customers,
        "before": _side(change.before, named),
        "after": _side(change.after, named),
    }


def _side(said: ReplayReply, named: Callable[[str], str]) -> dict[str, Any]:
    return {
        "outcome": said.outcome,
        "articles": [named(key) for key in said.offered],
        "confidence": round(said.confidence, 3),
    }


def _choices(view: ArticleView, drafts: int) -> list[str]:
    """What can be tried on this article, the likeliest first."""
    own = ["draft"] if view.draft else []
    several = ["all"] if drafts > len(own) else []
    return [*own, *several, *(["archive"] if view.published else [])]


def _phrasings(content: dict[str, Any]) -> list[str]:
    """The questions and phrasings of a content that may be half written."""
    variants = content.get("variants")
    wordings = [one for one in variants.values() if isinstance(one, dict)] if isinstance(variants, dict) else []
    said = [text for one in wordings for text in (one.get("question"), *_listed(one.get("phrasings")))]
    texts = [text.strip()[:500] for text in said if isinstance(text, str) and text.strip()]
    return list(dict.fromkeys(texts))[:_MAX_PHRASINGS]


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _sentences(one: NeighbourArticle, messages: NullTranslations) -> list[str]:
    clashes = [_clash(clash, messages) for clash in one.clashes]
    if not one.near:
        return clashes
    sentence = messages.gettext("Says nearly the same ({percent}% alike). Do they belong together?")
    return [sentence.format(percent=round(100 * one.alike)), *clashes]


def _clash(clash: PhrasingClash, messages: NullTranslations) -> str:
    if clash.same:
        sentence = messages.gettext("“{mine}” is there already, word for word: the bot would have to ask.")
    else:
        sentence = messages.gettext("“{mine}” sounds like “{theirs}”.")
    return sentence.format(mine=clash.mine, theirs=clash.theirs)


def _key(request: Request) -> str:
    return str(request.path_params["key"])
