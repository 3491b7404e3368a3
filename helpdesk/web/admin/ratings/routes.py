"""The admin page of ratings: how customers were helped, over time and by what; each figure leads to conversations."""

from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.insights.ratings import (
    RatingGroup,
    count_by,
    count_ratings_by_day,
    is_readable,
    load_names,
    load_ratings,
    load_words,
)
from helpdesk.web.admin.ratings.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.chart import draw_chart
from helpdesk.web.shared.days import last_days, short_day, short_moment
from helpdesk.web.shared.pages import Pages
from i18n import locale_of
from store.db import Database
from store.models import now

DAYS = 30
MAX_SHOWN = 100


def rating_routes(*, db: Database, pages: Pages, zone: tzinfo) -> list[BaseRoute]:
    """The doors of this module; days are those of `zone`."""
    return [route("/admin/ratings", _RatingPages(db, pages, zone).show, access=Capability.FIGURES)]


@dataclass(frozen=True, slots=True)
class _RatingPages:
    db: Database
    pages: Pages
    zone: tzinfo

    async def show(self, request: Request) -> Response:
        asked = request.query_params
        group = RatingGroup(asked["by"]) if asked.get("by") in list(RatingGroup) else None
        helped = {"yes": True, "no": False}.get(asked.get("helped", ""))
        locale = locale_of(self.pages.language(request))
        days = last_days(now(), DAYS, self.zone)
        since = min(begin for begin, _ in days.values())
        readable = is_readable(request.state.agent.id)
        ratings, names = await load_ratings(self.db, since, only=readable), await load_names(self.db)
        value = asked.get("value")
        shown = await load_ratings(self.db, since, group=group, value=value, helped=helped, only=readable)
        texts = self.pages.texts(request, WORDS)
        columns = [
            (short_day(day, locale), total, bad) for day, total, bad in count_ratings_by_day(ratings, days, self.zone)
        ]
        return self.pages.render(
            request,
            "admin/ratings/ratings.html",
            total=len(ratings),
            bad=sum(not one.helped for one in ratings),
            chart=draw_chart(columns),
            groups={each: count_by(ratings, each, names | _channels(texts)) for each in RatingGroup},
            shown=shown[:MAX_SHOWN],
            words=await load_words(self.db, shown[:MAX_SHOWN]),
            names=names,
            chosen=names.get(asked.get("value", ""), asked.get("value", "")) if group else "",
            helped=helped,
            moment=partial(short_moment, locale=locale, zone=self.zone),
            texts=texts,
        )


def _channels(texts: dict[str, str | dict[str, str]]) -> dict[str, str]:
    named = {key.removeprefix("ratings_channel_"): text for key, text in texts.items() if "_channel_" in key}
    return {channel: text for channel, text in named.items() if isinstance(text, str)}
