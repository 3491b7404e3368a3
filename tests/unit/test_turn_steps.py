"""A turn's deadline: it counts from the customer's message, and what no longer fits is left out."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from helpdesk.conversations.bot_replies import TurnLease
from helpdesk.conversations.log.transcript import Transcript
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.turn import LATE_SECONDS, Step, TurnInProgress, TurnTools, ask_bot, begin, run_in_time, steps
from store.models import now
from store.settings import Settings

ANSWERED = "de"


def claimed(seconds_ago: float) -> ClaimedTurn:
    return ClaimedTurn(
        lease=TurnLease(
            turn_id="t", owner="w", conversation_id="c", epoch=1, first_seq=1, last_seq=2, read_to=2, lines=()
        ),
        heard=Transcript(),
        channel="webchat",
        language="de",
        formality="sie",
        last_article=None,
        last_asked=(),
        text="Wo ist mein Paket?",
        payload=None,
        seqs=(2,),
        arrived_at=now() - timedelta(seconds=seconds_ago),
        opened_at=now() - timedelta(seconds=seconds_ago),
        attempts=1,
    )


def tools() -> TurnTools:
    nothing = cast("Any", None)
    return TurnTools(
        conversations=nothing,
        library=nothing,
        rasa=nothing,
        handoff_check=nothing,
        rewording=None,
        settings=lambda: Settings(_env_file=None),
        deadline_seconds=10.0,
    )


async def with_language(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """A step that leaves a trace."""
    return replace(turn, reply=replace(turn.reply, language=ANSWERED))


async def without_end(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """A step that waits for something that never comes."""
    await asyncio.Event().wait()
    return turn


def test_the_steps_stand_in_one_list_in_their_order() -> None:
    assert [step.run.__name__ for step in steps(claimed(seconds_ago=0.0))] == [
        "understand",
        "recognise_lookup",
        "ask_bot",
        "answer_without_bot",
        "heed_denial",
        "note_questions",
        "check_handoff",
        "apply_policy",
        "reword",
        "note_disturbances",
        "name_languages",
    ]


async def test_f33_the_deadline_counts_from_the_customers_message() -> None:
    turn = begin(claimed(seconds_ago=4.0), tools())

    assert 5.0 < turn.seconds_left <= 6.0


async def test_f30_a_clock_that_is_behind_gives_no_more_time_than_the_deadline() -> None:
    assert begin(claimed(seconds_ago=-60.0), tools()).seconds_left <= 10.0


async def test_a_turn_claimed_too_late_may_still_be_searched_for_but_the_bot_is_not_asked() -> None:
    leaves = {step.run.__name__: step.leaves or 0.0 for step in steps(claimed(seconds_ago=0.0))}
    turn = begin(claimed(seconds_ago=3600.0), tools())

    assert leaves["understand"] < LATE_SECONDS
    assert turn.seconds_left - leaves["ask_bot"] <= 0
    assert await run_in_time(Step(run=ask_bot, leaves=leaves["ask_bot"]), turn, tools()) is turn


async def test_the_reply_is_an_honest_fallback_with_a_person_until_a_step_knows_better() -> None:
    turn = begin(claimed(seconds_ago=0.0), tools())

    assert (turn.reply.degraded, turn.reply.handoff and turn.reply.handoff.kind) == (True, "bot_unavailable")


async def test_f33_a_step_that_takes_too_long_is_left_out() -> None:
    turn = replace(begin(claimed(seconds_ago=0.0), tools()), deadline=asyncio.get_running_loop().time() + 0.05)

    assert await run_in_time(Step(run=without_end, leaves=0.0), turn, tools()) is turn


async def breaking(turn: TurnInProgress, tools: TurnTools) -> TurnInProgress:
    """A step with a fault that nobody foresaw."""
    raise KeyError


async def test_a_step_that_breaks_is_left_out_so_that_the_customer_is_not_left_alone() -> None:
    turn = begin(claimed(seconds_ago=0.0), tools())

    assert await run_in_time(Step(run=breaking, leaves=0.0), turn, tools()) is turn
    assert await run_in_time(Step(run=breaking, leaves=None), turn, tools()) is turn


async def test_a_step_without_time_is_not_begun_and_one_that_needs_none_is_done() -> None:
    over = replace(begin(claimed(seconds_ago=0.0), tools()), deadline=asyncio.get_running_loop().time())

    assert await run_in_time(Step(run=with_language, leaves=0.0), over, tools()) is over
    assert (await run_in_time(Step(run=with_language, leaves=None), over, tools())).reply.language == ANSWERED
