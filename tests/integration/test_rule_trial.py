"""Rules tried on past conversations: which would have gone over, what changes, and that nobody waits for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.rules import DEFAULT_RULES, Rules, read_rules
from helpdesk.handoff.rules.decision import LineMood
from helpdesk.rule_admin.explanation import explain_decision
from helpdesk.rule_admin.rule_trial import RuleTrial, TrialProgress, TrialResult, VerdictChange
from helpdesk.rule_admin.rule_trial.runner import MAX_WAITING
from store.db import Database
from store.errors import TooManyRequests
from store.models import (
    Article,
    ArticleState,
    AskedQuestion,
    Contact,
    Conversation,
    MessageFacts,
    MoodRecord,
    MoodSignRecord,
)
from tests.integration.past_dialogues import BOT, CONTACT, keep, without


async def tried(db: Database, before: Rules, after: Rules, *, last: int = 200) -> TrialResult:
    steps = [step async for step in RuleTrial(db, judge_moods).try_rules(before, after, last=last)]
    assert all(isinstance(step, TrialProgress) for step in steps[:-1])
    assert isinstance(steps[-1], TrialResult)
    return steps[-1]


async def test_it_says_which_conversations_are_new_gone_moved_and_the_same(db: Database) -> None:
    wish, lawyer = "Ich möchte mit einem Menschen sprechen", "Ich schalte meinen Anwalt ein"
    both = await keep(db, "both", (CONTACT, lawyer), (BOT, "Oh."), (CONTACT, wish))
    asked = await keep(db, "asked", (CONTACT, wish))
    legal = await keep(db, "legal", (CONTACT, lawyer))
    await keep(db, "calm", (CONTACT, "Wie lange dauert der Versand?"), (BOT, "Zwei Tage."))
    outcome = await tried(db, DEFAULT_RULES, without("sensitive"))
    assert outcome.looked_at == 4
    assert {(one.conversation_id, one.change) for one in outcome.compared} == {
        (both, VerdictChange.MOVED),
        (asked, VerdictChange.SAME),
        (legal, VerdictChange.GONE),
    }
    moved = next(one for one in outcome.compared if one.change is VerdictChange.MOVED)
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.line.text, moved.after.line.text) == (lawyer, wish)
    assert "Anwalt" in explain_decision(moved.before.decision, "de")
    turned = await tried(db, without("sensitive"), DEFAULT_RULES)
    assert {one.conversation_id for one in turned.compared if one.change is VerdictChange.NEW} == {legal}


async def test_what_search_and_articles_came_to_counts_as_it_did_then(db: Database) -> None:
    conversation_id = await keep(db, "billing", (CONTACT, "Der Betrag auf meiner Rechnung stimmt nicht"))
    async with db.write() as session:
        session.add(Article(key="bill", version=1, state=ArticleState.PUBLISHED, category="Rechnung"))
        session.add(
            AskedQuestion(
                conversation_id=conversation_id,
                turn_id="t",
                seq=1,
                text="…",
                language="de",
                outcome="answer",
                article="bill",
                confidence=0.9,
            )
        )
    outcome = await tried(db, DEFAULT_RULES, without(person_categories=["Rechnung"]))
    assert [one.change for one in outcome.compared] == [VerdictChange.NEW]


async def test_important_contacts_are_known(db: Database) -> None:
    conversation_id = await keep(db, "vip", (CONTACT, "Wo bleibt mein Paket?"), line_1=MessageFacts(outcome="answer"))
    plain = await tried(db, DEFAULT_RULES, DEFAULT_RULES)
    async with db.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        (await session.get_one(Contact, conversation.contact_id)).important = True
    given = DEFAULT_RULES.as_json()["rules"]
    eager = read_rules({"rules": given | {"important": given["important"] | {"misses": 0}}})
    marked = await tried(db, DEFAULT_RULES, eager)
    assert plain.compared == ()
    assert [one.change for one in marked.compared] == [VerdictChange.NEW]


async def test_stored_moods_are_taken_and_a_course_with_holes_is_judged_anew(db: Database) -> None:
    mood = MoodRecord(frustration=0.95, abuse=0.0, shown_by=(MoodSignRecord("anger", 1, "Wo"),))
    judged: list[int] = []

    def judge(said: Sequence[DialogueLine]) -> Sequence[LineMood]:
        judged.append(len(said))
        return judge_moods(said)

    await keep(db, "felt", (CONTACT, "Wo bleibt mein Paket?"), line_1=MessageFacts(mood=mood))
    steps = [step async for step in RuleTrial(db, judge).try_rules(DEFAULT_RULES, DEFAULT_RULES, last=1)]
    outcome = steps[-1]
    assert isinstance(outcome, TrialResult)
    assert judged == []
    assert [one.after.decision.triggers[0].kind for one in outcome.compared if one.after] == ["frustration"]
    lines = [(CONTACT, "Wo bleibt mein Paket?"), (BOT, "Unterwegs."), (CONTACT, "Wo denn?")]
    await keep(db, "holes", *lines, line_1=MessageFacts(mood=mood))
    async for _ in RuleTrial(db, judge).try_rules(DEFAULT_RULES, DEFAULT_RULES, last=1):
        pass
    assert judged == [3]


async def test_the_last_ones_are_looked_at_and_progress_is_told(db: Database) -> None:
    for number in range(45):
        await keep(db, f"c{number}", (CONTACT, "Hallo"))
    outcome = await tried(db, DEFAULT_RULES, DEFAULT_RULES, last=30)
    assert outcome.looked_at == 30
    steps = [step async for step in RuleTrial(db, judge_moods).try_rules(DEFAULT_RULES, DEFAULT_RULES, last=200)]
    assert [(step.done, step.total) for step in steps if isinstance(step, TrialProgress)] == [
        (0, 45),
        (20, 45),
        (40, 45),
    ]


async def test_too_many_at_once_are_told_to_come_back(db: Database) -> None:
    await keep(db, "one", (CONTACT, "Hallo"))
    hindsight = RuleTrial(db, judge_moods)
    started = [hindsight.try_rules(DEFAULT_RULES, DEFAULT_RULES, last=1) for _ in range(MAX_WAITING)]
    for trial in started:
        await anext(trial)
    with pytest.raises(TooManyRequests):
        await anext(hindsight.try_rules(DEFAULT_RULES, DEFAULT_RULES, last=1))
    for trial in started:
        await trial.aclose()
    assert isinstance(
        [step async for step in hindsight.try_rules(DEFAULT_RULES, DEFAULT_RULES, last=1)][-1], TrialResult
    )


async def test_f29_the_event_loop_goes_on_while_rules_are_tried(db: Database) -> None:
    for number in range(20):
        lines = [(CONTACT, f"Wo bleibt mein Paket {number}?"), (BOT, "Unterwegs.")] * 20
        await keep(db, f"c{number}", *lines)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.005)

    beating = asyncio.create_task(beat())
    await tried(db, DEFAULT_RULES, replace(DEFAULT_RULES, person_categories=("x",)))
    beating.cancel()
    assert beats > 5
