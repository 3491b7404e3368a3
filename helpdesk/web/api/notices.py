"""Known disturbances, for programs that notice them: a monitor may switch a notice on and off."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from helpdesk.notices.notice import MAX_NAME, MAX_TEXT, MAX_WORD, Notice
from helpdesk.notices.notice_figures import NoticeFigures, count_told, load_told
from helpdesk.notices.notice_store import NoticeView
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from store.models import now

BY = "API"
FIGURES_FOR = timedelta(days=90)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The notice's id")]


class NoticeInput(BaseModel):
    """What customers are told, by language, and what it concerns. Without `ends_at`: until it is switched off."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=MAX_NAME)]
    texts: dict[str, Annotated[str, Field(max_length=MAX_TEXT)]]
    categories: Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=100)] = []
    words: Annotated[list[Annotated[str, Field(max_length=MAX_WORD)]], Field(max_length=100)] = []
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    is_on: bool = True

    def as_notice(self) -> Notice:
        """What it means; without a beginning it begins now."""
        return Notice(
            name=self.name,
            texts=self.texts,
            categories=tuple(self.categories),
            words=tuple(self.words),
            starts_at=self.starts_at or now(),
            ends_at=self.ends_at,
        )


class NoticeSwitchInput(BaseModel):
    """Whether it is on."""

    model_config = ConfigDict(extra="forbid")

    is_on: Annotated[bool, Field(strict=True)]


class NoticeFacts(BaseModel):
    """A notice. `told`, `asked` and `spared` count the conversations of the last 90 days.

    `is_told` is whether customers hear of it at this moment. `spared` are those that asked about it, were told, and
    ended without a person.
    """

    id: str
    name: str
    texts: dict[str, str]
    categories: list[str]
    words: list[str]
    starts_at: datetime
    ends_at: datetime | None
    is_on: bool
    is_told: bool
    told: int
    asked: int
    spared: int


notice_api = APIRouter(
    prefix="/notices", route_class=EnteredRoute, tags=["notices"], dependencies=[needs(Scope.ARTICLES)]
)


@notice_api.get("")
async def list_notices(parts: ApiParts) -> list[NoticeFacts]:
    at = now()
    figures = count_told(await load_told(parts.db, since=at - FIGURES_FOR, at=at))
    return [_facts(view, figures.get(view.id, NoticeFigures()), at) for view in await parts.notices.list_all()]


@notice_api.post("", status_code=201)
async def add_notice(parts: ApiParts, form: NoticeInput) -> NoticeFacts:
    view = await parts.notices.add(form.as_notice(), is_on=form.is_on, by=BY)
    return _facts(view, NoticeFigures(), now())


@notice_api.post("/{id}/switch")
async def switch_notice(parts: ApiParts, id: Id, form: NoticeSwitchInput) -> NoticeFacts:
    view = await parts.notices.switch(id, is_on=form.is_on, by=BY)
    at = now()
    figures = count_told(await load_told(parts.db, since=at - FIGURES_FOR, at=at, notice_id=id))
    return _facts(view, figures.get(id, NoticeFigures()), at)


@notice_api.delete("/{id}", status_code=204)
async def remove_notice(parts: ApiParts, id: Id) -> None:
    await parts.notices.remove(id)


def _facts(view: NoticeView, figures: NoticeFigures, at: datetime) -> NoticeFacts:
    return NoticeFacts(
        id=view.id,
        name=view.notice.name,
        texts=dict(view.notice.texts),
        categories=list(view.notice.categories),
        words=list(view.notice.words),
        starts_at=view.notice.starts_at,
        ends_at=view.notice.ends_at,
        is_on=view.is_on,
        is_told=view.is_told(at),
        told=figures.told,
        asked=figures.asked,
        spared=figures.spared,
    )
