"""What an entry of the audit log is called on its page."""

import pytest

from helpdesk.web.admin.audit.words import ACTS, KINDS, act_name


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("sign_in.failed", "Sign-in failed"),
        ("sign_in.by_other_means", "Sign-ins and failures"),
        ("conversation.read", "Read a conversation"),
        ("keys.add", "Made a key"),
        ("keyserver.add", ""),
        ("conversation.moved", ""),
        ("teams", "Teams"),
    ],
)
def test_an_action_is_told_by_its_name_or_its_kind(action: str, name: str) -> None:
    assert act_name(action, KINDS | ACTS) == name
