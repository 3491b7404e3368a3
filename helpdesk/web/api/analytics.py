"""Figures for programs: what customers said of how they were helped."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from helpdesk.accounts.keys import KeyHolder
from helpdesk.insights.ratings import (
    RatingGroup,
    RatingRecord,
    count_by,
    is_readable,
    is_theirs,
    load_names,
    load_ratings,
)
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.key_views import load_figure_reader
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from store.models import now

DEFAULT_DAYS = 30


class RatingCounts(BaseModel):
    """How many were helped and how many were not; `value` is an id, a key or a channel, `name` what it is called."""

    value: str
    name: str
    helped: int
    did_not_help: int


class RatingFacts(BaseModel):
    """One rating and the conversation that it is of."""

    conversation: str
    channel: str
    agent: str | None
    team: str | None
    article: str | None
    helped: bool
    at: datetime


class RatingAnalytics(BaseModel):
    """The ratings since a time: how many, by what, and each of them, the newest first."""

    since: datetime
    helped: int
    did_not_help: int
    by: dict[RatingGroup, list[RatingCounts]]
    ratings: list[RatingFacts]


analytics_api = APIRouter(prefix="/analytics", route_class=EnteredRoute, tags=["analytics"])


@analytics_api.get("/ratings")
async def show_ratings(
    parts: ApiParts,
    holder: Annotated[KeyHolder, needs(Scope.ANALYTICS)],
    since: Annotated[AwareDatetime | None, Query()] = None,
) -> RatingAnalytics:
    """Of the last 30 days unless `since` says another time.

    A key that is an agent's is told what this agent sees.
    """
    begin = since or now() - timedelta(days=DEFAULT_DAYS)
    reader, only = await load_figure_reader(parts.db, holder), is_readable(holder.agent_id)
    if not reader.sees_all:
        only &= is_theirs(reader.agent_id)
    ratings, names = await load_ratings(parts.db, begin, only=only), await load_names(parts.db)
    good = sum(one.helped for one in ratings)
    return RatingAnalytics(
        since=begin,
        helped=good,
        did_not_help=len(ratings) - good,
        by={
            group: [
                RatingCounts(value=one.value, name=one.name, helped=one.good, did_not_help=one.bad)
                for one in count_by(ratings, group, names)
            ]
            for group in RatingGroup
        },
        ratings=[_rating_facts(one) for one in ratings],
    )


def _rating_facts(one: RatingRecord) -> RatingFacts:
    return RatingFacts(
        conversation=one.conversation_id,
        channel=one.channel,
        agent=one.agent,
        team=one.team,
        article=one.article,
        helped=one.helped,
        at=one.rated_at,
    )
