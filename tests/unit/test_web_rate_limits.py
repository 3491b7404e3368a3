"""How much one visitor may ask for."""

from helpdesk.web.chat.routes import SiteAdmission
from helpdesk.web.shared import rate_limits
from helpdesk.web.shared.rate_limits import TokenBuckets
from store.settings import Settings


def test_a_burst_is_fine_and_then_a_steady_rate() -> None:
    ration = TokenBuckets(burst=3, per_second=2)
    assert [ration.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert ration.take("a", 0.5) == 0
    assert ration.take("a", 0.5) > 0


def test_f87_one_visitor_takes_nothing_from_another() -> None:
    ration = TokenBuckets(burst=1, per_second=1)
    assert [ration.take(key, 0.0) for key in "ab"] == [0, 0]


def test_a_pause_never_saves_up_more_than_the_burst() -> None:
    ration = TokenBuckets(burst=2, per_second=1)
    ration.take("a", 0.0)
    assert [ration.take("a", 1_000.0) for _ in range(3)] == [0, 0, 1]


def test_a_refusal_costs_nothing() -> None:
    ration = TokenBuckets(burst=1, per_second=1)
    assert [ration.take("a", time) > 0 for time in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]


def test_only_so_many_visitors_are_remembered() -> None:
    ration = TokenBuckets(burst=1, per_second=1)
    for number in range(rate_limits.REMEMBERED + 50):
        ration.take(str(number), 0.0)
    assert len(ration._left) == rate_limits.REMEMBERED


def test_f87_messages_and_suggestions_are_counted_apart() -> None:
    admission = SiteAdmission(Settings(_env_file=None))
    assert sum(not admission.message_wait_seconds("v") for _ in range(20)) in {5, 6}
    assert admission.takes_suggestion("v")
    assert not admission.message_wait_seconds("w")
