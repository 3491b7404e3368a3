"""The editor: both languages side by side, how they look, how they read, and who else is at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.view_data import (
    EDITED_LANGUAGES,
    agent_of,
    article_facts,
    key_of,
    load_owner_names,
    shown_differences,
)
from helpdesk.web.admin.articles.words import COUNTS, HINTS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from i18n import own_name, translate
from knowledge.articles import drafts
from knowledge.articles.article_list import list_categories
from knowledge.articles.differences import abridge, compare
from knowledge.articles.drafts import ArticleView
from knowledge.articles.editor_presence import note_editor
from knowledge.articles.merge import Field as MergedField
from knowledge.articles.merge import MergeConflict, MergeResult, merge
from knowledge.articles.versions import VersionRecord, list_versions, load_version
from knowledge.hints import WordingHint, check_wording
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from knowledge.sites.site_store import load_source
from store.db import Database
from store.markdown import render
from store.models import ArticleEvent

_MAX_HINTS = 40
_MAX_LOOKED_AT = 50  # versions, for how old an answer is
_NOTED = {ArticleEvent.SUBMIT, ArticleEvent.RETURN}


class EditorPreviewBody(Body):
    """What stands in the editor right now; `key` is the article's, once it has one."""

    answers: dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], Annotated[str, Field(max_length=50_000)]]
    key: Annotated[str, Field(max_length=128)] = ""


class UnsavedChangesBody(Body):
    """What an editor has written on top of `version`."""

    version: int
    content: dict[str, Any]


class TrialQuestionBody(Body):
    """A customer's question to try."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    language: Annotated[str, Field(pattern=r"^(de|en)$")] | None = None


@dataclass(frozen=True, slots=True)
class ArticleEditorRoutes:
    """The doors of the editor."""

    db: Database
    library: Library
    pages: Pages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        one = "/admin/api/articles/{key}"
        return [
            route("/admin/articles/new", self.show_new, access=Capability.ARTICLES),
            route("/admin/articles/edit/{key}", self.show_article, access=Capability.ARTICLES),
            route("/admin/api/ask", self.ask, access=Capability.ARTICLES, methods=["POST"]),
            route("/admin/api/look", self.look, access=Capability.ARTICLES, methods=["POST"]),
            route(f"{one}/merge", self.merge, access=Capability.ARTICLES, methods=["POST"]),
            route(f"{one}/presence", self.be_here, access=Capability.ARTICLES, methods=["POST"]),
        ]

    async def show_new(self, request: Request) -> Response:
        """An empty editor."""
        return await self._editor(request, None)

    async def show_article(self, request: Request) -> Response:
        """The editor of one article."""
        return await self._editor(request, await drafts.load(self.db, key_of(request)))

    async def look(self, request: Request) -> Response:
        """How the answers look on each channel, and what could be said better."""
        from knowledge.articles.preview import preview  # builds on a library that takes a tenth of a second to load

        wanted = await read(request, EditorPreviewBody)
        versions = await list_versions(self.db, wanted.key, limit=_MAX_LOOKED_AT) if wanted.key else []
        formal = self.pages.formality != "du"
        hints = check_wording(wanted.answers, formal=formal, changed_at=answers_changed_at(versions))
        messages = self.pages.messages(request)
        return Json(
            {
                "previews": {language: preview(text) for language, text in wanted.answers.items() if text.strip()},
                "hints": [_shown_hint(hint, messages) for hint in hints[:_MAX_HINTS]],
            }
        )

    async def merge(self, request: Request) -> Response:
        """What somebody else has changed since `version`, brought together with what is in the editor."""
        mine = await read(request, UnsavedChangesBody)
        view = await drafts.load(self.db, key_of(request))
        base = await load_version(self.db, view.key, mine.version)
        merged = merge(base.content.as_json(), view.content.as_json(), mine.content)
        messages = self.pages.messages(request)
        return Json(
            {**article_facts(view), **_shown_merge(merged, messages), "changes": self._changes(request, base, view)}
        )

    async def be_here(self, request: Request) -> Response:
        """Somebody has the article open: who else does, and which version there is by now."""
        others = await note_editor(self.db, key_of(request), agent_of(request).id)
        view = await drafts.load(self.db, key_of(request))
        return Json({"others": others, "version": view.version, "changed_by": view.changed_by})

    async def ask(self, request: Request) -> Response:
        """What a customer's question would find right now."""
        question = await read(request, TrialQuestionBody)
        found = await self.library.search(question.text, question.language, certain=question.language is not None)
        candidates = [
            {"article": one.article, "question": one.question, "confidence": round(float(one.confidence), 3)}
            for one in found.candidates[:5]
        ]
        return Json(
            {
                "outcome": found.outcome,
                "language": found.language,
                "ms": round(found.ms, 1),
                "candidates": candidates,
                **await self._answer(question.text, found),
            }
        )

    async def _answer(self, text: str, found: SearchResult) -> Mapping[str, str]:
        """The article that is given as the answer, and the sentence that comes first, as safe HTML; empty without."""
        given = found.candidates[0].article if found.outcome is SearchOutcome.ANSWER else None
        article = await self.library.answer(given, found.language or "de", text) if given else None
        short = article.short if article and article.short and article.short.goes_first else None
        return {"answer": render(article.answer) if article else "", "short": render(short.text) if short else ""}

    def _changes(self, request: Request, base: VersionRecord, view: ArticleView) -> str:
        """The difference as safe HTML, by the same template as everywhere."""
        macros = self.pages.macros(request, "admin/articles/difference.html", texts=self.pages.texts(request, WORDS))
        return str(macros.show(shown_differences(base.content, view.content)))

    async def _editor(self, request: Request, view: ArticleView | None) -> Response:
        content = view.content.as_json() if view else {"variants": {}}
        versions = await list_versions(self.db, view.key) if view else []
        return self.pages.render(
            request,
            "admin/articles/article.html",
            view=view,
            facts=article_facts(view) if view else {"stage": "new", "possible": [], "version": "", "has_draft": False},
            content=content,
            variants={language: content["variants"].get(language) for language in EDITED_LANGUAGES},
            others={key: value for key, value in content["variants"].items() if key not in EDITED_LANGUAGES},
            versions=len(versions),
            source=await load_source(self.db, view.key) if view else None,
            noted=next((one for one in versions if one.event in _NOTED), None) if view and view.draft else None,
            categories=await list_categories(self.db),
            owners=await load_owner_names(self.db),
            texts=self.pages.texts(request, WORDS, COUNTS),
        )


def answers_changed_at(versions: list[VersionRecord]) -> Mapping[str, datetime]:
    """When each language's answer got the words that it has now; `versions` are the newest first."""
    if not versions:
        return {}
    found: dict[str, datetime] = {}
    for language, wording in versions[0].content.variants.items():
        for version in versions:
            if getattr(version.content.variants.get(language), "answer", None) != wording.answer:
                break
            found[language] = version.at
    return found


def _shown_hint(hint: WordingHint, messages: NullTranslations) -> dict[str, object]:
    more = "_with" if hint.instead and f"{hint.rule}_with" in HINTS else ""
    sentence = translate(messages, HINTS[f"{hint.rule}{more}"]).format(found=hint.found, instead=hint.instead)
    return {
        "rule": hint.rule,
        "language": hint.language,
        "start": hint.start,
        "end": hint.end,
        "found": hint.found,
        "sentence": sentence,
    }


def _shown_merge(merged: MergeResult, messages: NullTranslations) -> dict[str, object]:
    return {
        "values": [
            {"language": language, "field": field, "value": value} for (language, field), value in merged.values.items()
        ],
        "taken": [_label(field, messages) for field in merged.taken],
        "clashes": [_shown_clash(clash, messages) for clash in merged.clashes],
    }


def _shown_clash(clash: MergeConflict, messages: NullTranslations) -> dict[str, object]:
    language, field = clash.field
    pieces = [{"kind": piece.kind, "text": piece.text} for piece in abridge(compare(clash.theirs, clash.mine), 300)]
    label = _label(clash.field, messages)
    return {"language": language, "field": field, "label": label, "theirs": clash.theirs, "pieces": pieces}


def _label(field: MergedField, messages: NullTranslations) -> str:
    language, name = field
    label = translate(messages, WORDS[f"article_field_{name}"])
    return f"{own_name(language)} · {label}" if language in EDITED_LANGUAGES else label
