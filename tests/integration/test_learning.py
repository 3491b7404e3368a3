"""Learning from work: an agent's answer is one click away from an article, what customers picked becomes a phrasing."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from starlette.routing import Mount

from connectors.contract import Author
from helpdesk.accounts.agents import add_agent
from helpdesk.insights.agent_replies import load_agent_replies
from helpdesk.insights.gaps import GapList, Gaps
from helpdesk.insights.learning_nights import LearningNights
from helpdesk.insights.learnt_phrasings import PhrasingEvidence, PhrasingLearner, find_learnt_phrasings
from helpdesk.insights.questions import load_questions
from helpdesk.insights.replay import DraftReplay
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.learning.routes import learning_routes
from helpdesk.web.shared.access import Access, declare
from helpdesk.web.shared.pages import FeatureFiles
from knowledge.articles import drafts
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.models import Feedback, Handoff, Message, MessageKind, Role, new_id, now
from store.status import Event
from tests.integration.staff import PASSWORD, House, StaffBrowser, make_house, served
from tests.integration.staff_windows import check, window
from tests.past_questions import PastQuestion, open_shop, store_questions

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.sqlite_only

VOUCHER = "kann ich einen gutschein verschenken"
REPLY = "Hallo Frau Weber,\n\nGutscheine bekommen Sie in jedem Laden und auf der Website.\n\nViele Grüße\nMia"
ANSWER = "Gutscheine bekommen Sie in jedem Laden und auf der Website."
DAY = timedelta(days=1)


@pytest.fixture
async def library(db: Database, three_models: ThreeModels) -> Library:
    await open_shop(db)
    made = Library(db, CachedEmbedder(three_models))
    await made.start()
    return made


@pytest.fixture
async def house(db: Database, library: Library, three_models: ThreeModels) -> AsyncIterator[House]:
    gaps = Gaps(db, library, CachedEmbedder(three_models))
    replay = DraftReplay(db, library)
    yield make_house(
        db,
        lambda pages, guard: [
            *gap_routes(db=db, library=library, gaps=gaps, pages=pages),
            *learning_routes(db=db, library=library, pages=pages, replay=replay),
            *article_routes(db=db, library=library, pages=pages),
            *declare([Mount("/static", FeatureFiles())], Access.PUBLIC),
        ],
    )
    await gaps.close()


async def answered_by_agent(
    db: Database,
    customer: str,
    text: str = REPLY,
    *,
    question: str = VOUCHER,
    outcome: Event = Event.RESOLVE,
    helpful: bool | None = None,
) -> str:
    """A question in vain, a request for a person, what Mia wrote, and how that ended; the message's id."""
    conversations = await store_questions(db, [PastQuestion(text=question, customer=customer, ago=DAY)])
    at, conversation_id = now() - DAY, conversations[customer]
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        seq=3,
        epoch=1,
        kind=MessageKind.OUTGOING,
        author=Author.AGENT,
        author_name="Mia",
        text=text,
        created_at=at + timedelta(minutes=5),
    )
    back = Message(
        conversation_id=conversation_id,
        seq=2,
        epoch=1,
        kind=MessageKind.OUTGOING,
        author=Author.AGENT,
        author_name="Mia",
        text="Um welchen Gutschein geht es denn genau, und für wen?",
        created_at=at + timedelta(minutes=4),
    )
    handoff = Handoff(
        conversation_id=conversation_id,
        asked_at=at + timedelta(minutes=1),
        ended_at=at + timedelta(minutes=9),
        outcome=str(outcome),
    )
    judged = Feedback(
        conversation_id=conversation_id, turn_id=new_id(), helpful=bool(helpful), created_at=at + timedelta(minutes=10)
    )
    async with db.write() as session:
        session.add_all([back, message, handoff, *([] if helpful is None else [judged])])
    return message.id


async def picked(db: Database, text: str, article: str, customer: str, *, helped: bool | None = None) -> None:
    """A question that was asked back, and the article that the customer tapped then."""
    offered = ((article, 0.4), ("delivery-status", 0.3))
    words = () if helped is None else ((article, helped),)
    await store_questions(
        db,
        [
            PastQuestion(text=text, customer=customer, outcome="clarify", candidates=offered, ago=DAY),
            PastQuestion(
                text=text,
                customer=customer,
                outcome="answer",
                article=article,
                candidates=offered,
                words=words,
                ago=DAY - timedelta(minutes=1),
            ),
        ],
    )


async def post(browser: StaffBrowser, path: str, body: object) -> Any:
    answer = await browser.post(f"/admin/api/{path}", json=body)
    assert answer.is_success, answer.text
    return answer


@pytest.mark.parametrize(
    ("outcome", "helpful", "accepted"),
    [
        (Event.RESOLVE, None, True),
        (Event.RETURN_TO_BOT, True, True),
        (Event.RESOLVE, False, False),
        (Event.EXPIRE, None, False),
    ],
)
async def test_an_answer_is_accepted_if_the_matter_was_settled_with_it(
    db: Database, outcome: Event, helpful: bool | None, accepted: bool
) -> None:
    await answered_by_agent(db, "ida", outcome=outcome, helpful=helpful)
    [question] = await load_questions(db, now() - 2 * DAY)

    reply = (await load_agent_replies(db, [question]))[question.id]

    assert (reply.text, reply.agent, reply.language) == (ANSWER, "Mia", "de")
    assert reply.accepted is accepted


async def test_an_agents_answer_to_a_gap_is_one_click_from_an_article(
    house: House, admin: StaffBrowser, db: Database
) -> None:
    message_id = await answered_by_agent(db, "ida")
    page = (await admin.get("/admin/gaps")).text
    assert ANSWER in page
    assert f'data-do="answer" data-replies="{message_id}"' in page
    assert "Frau Weber" not in page

    ids = [question.id for question in await load_questions(db, now() - 2 * DAY)]
    await post(admin, "gaps/draft", {"questions": ids, "key": "voucher", "replies": [message_id]})

    draft = (await drafts.load(db, "voucher")).draft
    assert draft is not None
    assert draft.variants["de"].question == "Kann ich einen gutschein verschenken"
    assert draft.variants["de"].answer == ANSWER


async def test_only_messages_of_agents_in_these_conversations_become_answers(
    house: House, admin: StaffBrowser, db: Database
) -> None:
    await answered_by_agent(db, "ida")
    foreign = await answered_by_agent(
        db, "otto", "Ihr Termin bei uns ist am Dienstag um zehn.", question="wann ist mein termin"
    )
    ids = [question.id for question in await load_questions(db, now() - 2 * DAY) if question.text == VOUCHER]

    await post(admin, "gaps/draft", {"questions": ids, "key": "voucher", "replies": [foreign]})

    draft = (await drafts.load(db, "voucher")).draft
    assert draft is not None
    assert "Termin" not in draft.variants["de"].answer


async def test_of_several_answers_the_accepted_one_is_shown(house: House, db: Database, library: Library) -> None:
    await answered_by_agent(db, "ida")
    await answered_by_agent(db, "otto", "Das weiß ich leider auch nicht so genau.", outcome=Event.EXPIRE)
    gaps = Gaps(db, library, CachedEmbedder(library.embedder))

    found = await gaps.look(30, patience=60.0)
    await gaps.close()

    assert isinstance(found, GapList)
    assert [reply.text for gap in found.open for reply in gap.replies] == [ANSWER]


async def test_what_customers_picked_is_learnt_and_what_did_not_help_is_not(db: Database, library: Library) -> None:
    await picked(db, "das zeug will ich doch nicht mehr", "cancel-order", "ida", helped=True)
    await picked(db, "Das Zeug will ich doch nicht mehr!", "cancel-order", "otto")
    await picked(db, "kram kaputt", "cancel-order", "uwe", helped=False)
    await picked(db, "zwei dinge", "cancel-order", "eva")
    await picked(db, "zwei dinge", "delivery-status", "jan")

    [learnt] = await find_learnt_phrasings(db, library.snapshot, days=30)

    assert (learnt.article, learnt.customers, learnt.evidence) == ("cancel-order", 2, PhrasingEvidence.PICKED)
    assert learnt.text.casefold().startswith("das zeug will ich doch nicht mehr")


async def test_a_question_that_an_agent_answered_with_an_article_belongs_to_it(db: Database, library: Library) -> None:
    answer = library.snapshot.by_key["cancel-order"].content.variants["de"].answer
    await answered_by_agent(db, "ida", f"Hallo,\n\n{answer}\n\nViele Grüße", question="sachen doch nicht bitte 4711007")

    [learnt] = await find_learnt_phrasings(db, library.snapshot, days=30)

    assert (learnt.article, learnt.text, learnt.evidence) == (
        "cancel-order",
        "sachen doch nicht bitte …",
        PhrasingEvidence.SENT,
    )


async def test_what_stood_the_replay_is_kept_as_drafts_and_nothing_is_published(
    house: House, admin: StaffBrowser, db: Database
) -> None:
    text = "das zeug will ich doch nicht mehr"
    await picked(db, text, "cancel-order", "ida")
    assert text in (await admin.get("/admin/learning")).text

    lines = [json.loads(line) for line in (await post(admin, "learning", {"days": 30})).text.splitlines()]

    assert [one["text"] for one in lines[-1]["kept"]] == [text]
    assert any(line.get("stage") == "asking" for line in lines[:-1])
    assert [(one["text"], one["article"]) for one in lines[-1]["changes"]] == [(text, "cancel-order")]
    view = await drafts.load(db, "cancel-order")
    assert view.draft is not None
    assert view.published is not None
    assert text in view.draft.variants["de"].phrasings
    assert text not in view.published.variants["de"].phrasings
    assert "Nichts Neues" in (await admin.get("/admin/learning")).text


async def test_a_phrasing_that_takes_an_answer_away_is_not_kept(
    house: House, admin: StaffBrowser, db: Database, library: Library
) -> None:
    """The words to which another article has helped so far, written a little otherwise."""
    await library.embed(most=1_000, step=64)
    await library.learn()
    taken, near = "sendung verfolgen", "Sendung verfolgen?"
    await store_questions(
        db,
        [
            PastQuestion(
                text=taken,
                customer=f"c{number}",
                outcome="answer",
                article="delivery-status",
                candidates=(("delivery-status", 0.9),),
                words=(("delivery-status", True),),
                ago=DAY * 2,
            )
            for number in range(3)
        ],
    )
    await picked(db, near, "cancel-order", "ida")

    lines = (await post(admin, "learning", {"days": 30})).text.splitlines()

    result = json.loads(lines[-1])
    assert result["kept"] == []
    assert [one["text"] for one in result["harmful"]] == [near]
    assert (await drafts.load(db, "cancel-order")).draft is None


async def test_at_night_one_instance_learns_if_that_is_wanted(
    house: House, admin: StaffBrowser, db: Database, library: Library
) -> None:
    await picked(db, "das zeug will ich doch nicht mehr", "cancel-order", "ida")
    nights = [
        LearningNights(db, PhrasingLearner(db, library, DraftReplay(db, library)), ZoneInfo("Europe/Berlin"))
        for _ in range(2)
    ]
    night = date(2026, 11, 29)
    assert await nights[0].learn(night) is None
    await post(admin, "learning/nightly", {"nightly": True})
    assert "checked" in (await admin.get("/admin/learning")).text

    found = [await each.learn(night) for each in nights]

    assert [trial is None for trial in found] == [False, True]
    view = await drafts.load(db, "cancel-order")
    assert view.draft is not None
    assert view.changed_by == "Staffel"
    assert await nights[1].learn(night + DAY) is not None

    mine = await drafts.save_draft(db, view.key, view.draft.as_json(), by="Mia", expected_version=view.version)
    await picked(db, "weg damit bevor es losgeht", view.key, "eva")
    again = await nights[0].learn(night + 2 * DAY)
    assert again is not None
    assert [one.text for one in again.left] == ["weg damit bevor es losgeht"]
    assert (await drafts.load(db, view.key)).version == mine.version


@pytest.mark.browser
async def test_both_pages_work_in_a_browser(house: House, db: Database, browser: "Browser") -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    await answered_by_agent(db, "ida")
    await picked(db, "das zeug will ich doch nicht mehr", "cancel-order", "otto")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/gaps")
        await page.wait_for_selector(".reply")
        await check(page)
        await page.goto("/admin/learning")
        await check(page)
        await page.click("#learn button.primary")
        await page.wait_for_selector("#learn-result :text('1 Formulierung steht jetzt in einem Entwurf')")
        await check(page)
        await page.goto("/admin/gaps")
        await page.click("[data-do=answer]")
        await page.wait_for_url("**/admin/articles/edit/**")
        assert ANSWER in await page.input_value("[name=de-answer]")
