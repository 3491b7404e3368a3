"""The admin page of the handoff: the visible rules, tried on past conversations before they are put in force."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.rules import Rules, read_rules
from helpdesk.handoff.rules.table import SPECS, RuleAction
from helpdesk.handoff.rules.touched_topics import touched_topics
from helpdesk.rule_admin.rule_sets import (
    BUILT_IN,
    RuleSetView,
    list_rule_sets,
    load_newest,
    restore_rule_set,
    save_rule_set,
)
from helpdesk.rule_admin.rule_trial import RuleTrial, TrialProgress
from helpdesk.web.admin.handoff.rule_changes import describe_changes, say_rule_problem
from helpdesk.web.admin.handoff.rule_descriptions import describe, title, unit_name, written
from helpdesk.web.admin.handoff.rule_trials import judge_lines, read_lines, show_outcome, show_progress
from helpdesk.web.admin.handoff.words import COUNTS, THRESHOLDS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import catalog
from knowledge.articles.article_list import list_categories
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.errors import HelpdeskError, Invalid

log = structlog.get_logger()

LASTS = (50, 200, 500, 1000)
"""How many conversations rules can be tried on."""

type Table = Annotated[dict[str, Any], Field(max_length=10)]


class RulesBody(Body):
    """The rules as they stand on the page, in the form of `Rules.as_json`."""

    rules: Table


class RulesUpdateBody(RulesBody):
    """The same, and the revision that was in force when the page was opened."""

    seen: int


class RulesRollbackBody(Body):
    """Which earlier rules, and the revision in force that was seen."""

    revision: Annotated[int, Field(ge=0)]
    seen: int


class RuleTrialBody(RulesBody):
    """The rules, and on how many conversations they are tried."""

    last: Annotated[int, Field(ge=1, le=1000)] = 200


class RuleTrialTextBody(RulesBody):
    """The rules, and what a customer writes: a message, or a dialogue with one message a line."""

    text: Annotated[str, Field(min_length=1, max_length=8000)]
    important: bool = False


def handoff_routes(*, db: Database, hindsight: RuleTrial, recent: CachedEmbedder, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, base = _HandoffPages(db, hindsight, recent, pages), "/admin/api/handoff"
    verbs = {
        "describe": doors.describe,
        "save": doors.save,
        "restore": doors.restore,
        "try": doors.try_rules,
        "sentence": doors.try_sentence,
        "touch": doors.touch,
    }
    return [
        route("/admin/handoff", doors.show, access=Capability.RULES),
        route(base, doors.facts, access=Capability.RULES),
        *(route(f"{base}/{verb}", door, access=Capability.RULES, methods=["POST"]) for verb, door in verbs.items()),
    ]


@dataclass(frozen=True, slots=True)
class _HandoffPages:
    db: Database
    hindsight: RuleTrial
    recent: CachedEmbedder
    pages: Pages

    async def show(self, request: Request) -> Response:
        language = self.pages.language(request)
        views = await list_rule_sets(self.db)
        newest, categories = views[0], await list_categories(self.db)
        return self.pages.render(
            request,
            "admin/handoff/handoff.html",
            newest=newest,
            facts=_facts(newest),
            specs=SPECS,
            sentences={str(rule.kind): describe(rule, language) for rule in newest.rules.rules},
            title=partial(title, language=language),
            unit=partial(unit_name, language=language),
            written=partial(written, language=language),
            does=list(RuleAction),
            categories=sorted({*categories, *newest.rules.person_categories}, key=str.casefold),
            history=_history(views, language),
            lasts=LASTS,
            threshold_names=self.pages.texts(request, THRESHOLDS),
            texts=self.pages.texts(request, WORDS, COUNTS),
        )

    async def facts(self, request: Request) -> Response:
        return Json(_facts(await load_newest(self.db)))

    async def describe(self, request: Request) -> Response:
        """What each rule would do as it is set on the page, or what is wrong with it."""
        written_ = await read(request, RulesBody)
        language = self.pages.language(request)
        try:
            rules = read_rules(written_.rules)
        except Invalid as error:
            return Json({"problem": say_rule_problem(str(error), written_.rules, language)})
        return Json({"sentences": {str(rule.kind): describe(rule, language) for rule in rules.rules}})

    async def save(self, request: Request) -> Response:
        saved = await read(request, RulesUpdateBody)
        rules = self._rules(request, saved.rules)
        return Json(_facts(await save_rule_set(self.db, rules, agent_id=_agent(request).id, seen=saved.seen)))

    async def restore(self, request: Request) -> Response:
        wanted = await read(request, RulesRollbackBody)
        agent_id = _agent(request).id
        return Json(_facts(await restore_rule_set(self.db, wanted.revision, agent_id=agent_id, seen=wanted.seen)))

    async def try_rules(self, request: Request) -> Response:
        tried = await read(request, RuleTrialBody)
        rules = self._rules(request, tried.rules)
        lines = self._lines(request, rules, tried.last)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def try_sentence(self, request: Request) -> Response:
        tried = await read(request, RuleTrialTextBody)
        rules, language = self._rules(request, tried.rules), self.pages.language(request)
        said = read_lines(tried.text)
        return Json(
            {
                "lines": await asyncio.to_thread(
                    judge_lines, said, rules, self.recent, important=tried.important, language=language
                )
            }
        )

    async def touch(self, request: Request) -> Response:
        """Which topics of the list a sentence touches, and with which words."""
        tried = await read(request, RuleTrialTextBody)
        rules, language = self._rules(request, tried.rules), self.pages.language(request)
        line = DialogueLine(seq=0, author=CONTACT, text=tried.text)
        found = await asyncio.to_thread(touched_topics, line, rules.sensitive)
        return Json({"topics": [{"topic": one.topic.title(language), "words": one.text} for one in found]})

    def _rules(self, request: Request, given: Mapping[str, Any]) -> Rules:
        """The rules as the page has them. Raises `Invalid` in the reader's language."""
        language = self.pages.language(request)
        try:
            return read_rules(dict(given))
        except Invalid as error:
            sentence = say_rule_problem(str(error), given, language)
            raise Invalid(sentence, code="bad_rules") from None

    async def _lines(self, request: Request, rules: Rules, last: int) -> AsyncIterator[bytes]:
        """One JSON object a line: progress, then the outcome or an error."""
        language = self.pages.language(request)
        try:
            in_force = (await load_newest(self.db)).rules
            async for step in self.hindsight.try_rules(in_force, rules, last=last):
                shown = show_progress(step) if isinstance(step, TrialProgress) else show_outcome(step, language)
                yield bytes(Json(shown).body) + b"\n"
        except HelpdeskError as error:
            yield json.dumps({"error": message_of(self.pages, request, error)}).encode() + b"\n"
        except Exception:
            log.exception("rules.trial_broke", last=last)
            yield (
                json.dumps(
                    {"error": catalog("staff", language).gettext("Trying the rules didn't work. Please try again.")}
                ).encode()
                + b"\n"
            )


def _facts(view: RuleSetView) -> dict[str, Any]:
    return {"revision": view.revision, "rules": view.rules.as_json(), "author": view.author, "saved_at": _time(view)}


def _time(view: RuleSetView) -> str | None:
    return view.saved_at.isoformat(timespec="seconds") if view.saved_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _RuleHistoryEntry:
    """One line of the history: the rules, and what they changed against the ones before."""

    revision: int
    author: str
    saved_at: datetime | None
    changes: Sequence[str]
    is_built_in: bool


def _history(views: Sequence[RuleSetView], language: str) -> list[_RuleHistoryEntry]:
    entries = []
    for number, view in enumerate(views):
        before = views[number + 1].rules if number + 1 < len(views) else None
        changes = describe_changes(before, view.rules, language) if before else []
        entries.append(
            _RuleHistoryEntry(
                revision=view.revision,
                author=view.author,
                saved_at=view.saved_at,
                changes=changes,
                is_built_in=view.revision == BUILT_IN,
            )
        )
    return entries


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent
