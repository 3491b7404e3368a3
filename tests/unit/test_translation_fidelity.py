"""What a translation must not lose: numbers, links, names."""

import pytest

from helpdesk.translation.fidelity import Loss, find_losses

LINK = "https://example.org/a?b=1"


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Ihr Paket 48213 kommt um 15 Uhr.", "Your parcel 48213 arrives at 3 pm."),
        ("Das kostet 1.234,50 €.", "That is €1,234.50."),
        ("Um 9:00 Uhr.", "At 9 am."),
        (f"Siehe {LINK}.", f"See {LINK}."),
        ("Frau Lindner, danke!", "Ms Lindner, thank you!"),
    ],
)
def test_the_same_in_another_language_loses_nothing(text: str, translation: str) -> None:
    assert find_losses(text, translation, ["Eva Lindner"]) == ()


@pytest.mark.parametrize(
    ("text", "translation", "loss"),
    [
        ("In 14 Tagen.", "In 40 days.", (Loss.NUMBER, "14")),
        ("Bald.", "In 3 days.", (Loss.NUMBER, "3")),
        (f"Siehe {LINK}.", "See our site.", (Loss.LINK, LINK)),
        ("Schreiben Sie an a@example.org.", "Write to b@example.org.", (Loss.LINK, "a@example.org")),
        ("Hallo Frau Lindner!", "Hello Ms Lime!", (Loss.NAME, "Lindner")),
    ],
)
def test_what_is_lost_or_changed_is_told(text: str, translation: str, loss: tuple[Loss, str]) -> None:
    assert loss in find_losses(text, translation, ["Eva Lindner"])
