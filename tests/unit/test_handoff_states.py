"""The table of who answers."""

import pytest

from helpdesk.handoff.states import TRANSITIONS, next_status
from store.errors import InvalidTransition
from store.status import Event, Status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Event)
def test_every_pair_is_either_in_the_table_or_refused(status: Status, event: Event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(InvalidTransition) as refusal:
            next_status(status, event)
        assert refusal.value.status == 409


def test_only_the_bots_and_waiting_conversations_can_be_accepted() -> None:
    assert {status for status, event in TRANSITIONS if event == Event.ACCEPT} == {Status.BOT, Status.QUEUED}


def test_from_every_status_there_is_a_way_to_an_answer() -> None:
    reachable = {status: {status} for status in Status}
    for _ in Status:
        for (status, _event), after in TRANSITIONS.items():
            reachable[status] |= reachable[after]
    assert all(reachable[status] & {Status.BOT, Status.ASSIGNED} for status in Status)


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(InvalidTransition, match="possible: contact_writes"):
        next_status(Status.RESOLVED, Event.ACCEPT)
