"""A mail that is too large is known by the numbers of the refusal, whatever the words."""

import pytest

from helpdesk.views.timeline.refusal_cause import RefusalCause, cause_of


@pytest.mark.parametrize(
    "reason",
    [
        "The mail server said: 552 5.3.4 Message size exceeds fixed limit.",
        "552-5.3.4 Ihre Nachricht ist zu groß",
        "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient",
        "The mail server said: 552 message size exceeds fixed maximum message size",
        "5.3.4",
    ],
)
def test_a_mail_that_is_too_large_is_known(reason: str) -> None:
    assert cause_of(reason) is RefusalCause.TOO_LARGE


@pytest.mark.parametrize(
    "reason",
    [
        "552 5.2.2 mailbox full",
        "550 5.1.1 no such user",
        "550 5.7.1 refused, see 10.5.3.4",
        "550 ticket 1552, 15.3.4",
        "",
    ],
)
def test_other_refusals_are_not(reason: str) -> None:
    assert cause_of(reason) is None
