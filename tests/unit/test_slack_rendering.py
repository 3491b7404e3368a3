"""Our Markdown as Slack shows it: within every limit, escaped, and calling nobody."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Address, Author, Channel, Choice, OutboundMessage, RelatedLink
from connectors.slack import mrkdwn
from connectors.slack.buttons import Buttons
from connectors.slack.rendering import MAX_TEXT, Post, after_choice, plain, render
from tests.fakes.slack.rules import MAX_SECTION, check_message, is_escaped, pings_in, texts_of

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
BUTTONS = Buttons("k" * 32)
MESSAGE = OutboundMessage(
    id="m1",
    address=Address(channel=Channel.SLACK, account="T1", chat_id="U1"),
    conversation_id="c1",
    seq=3,
    author=Author.BOT,
    author_name="Staffel",
    text="",
)


def rendered(text: str, **changes: object) -> list[Post]:
    return render(replace(MESSAGE, text=text, **changes), BUTTONS, UNTIL)  # type: ignore[arg-type]


def only(text: str) -> str:
    pieces = mrkdwn.to_pieces(text)
    assert len(pieces) == 1
    return pieces[0]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**fett** und *kursiv* und ~~weg~~", "*fett* und _kursiv_ und ~weg~"),
        ("# Titel **fett**\n\nText", "*Titel fett*\n\nText"),
        ("- eins\n- zwei\n  - drei", "• eins\n• zwei\n    ◦ drei"),
        ("3. drei\n4. vier", "3. drei\n4. vier"),
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("[Seite](https://example.org/a?b=1&c=2)", "<https://example.org/a?b=1&amp;c=2|Seite>"),
        ("[böse](javascript:alert(1))", "[böse](javascript:alert(1))"),
        ("[x](ftp://example.org)", "x"),
        ("[a|b>](https://example.org/|x)", "<https://example.org/%7Cx|a|b&gt;>"),
        ("Siehe https://example.org/x.", "Siehe <https://example.org/x|https://example.org/x>."),
        ("`a < b`", "`a &lt; b`"),
        ("```\nx > y\n```", "```\nx &gt; y\n```"),
        ("> Zitat\n> weiter", "&gt; Zitat\n&gt; weiter".replace("&gt;", ">")),
        ("| Land | Tage |\n|---|---|\n| DE | 2 |\n| AT | 3 |", "• Land: DE · Tage: 2\n• Land: AT · Tage: 3"),
        ("Zeile\nzweite", "Zeile\nzweite"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown: str, shown: str) -> None:
    assert only(markdown) == shown


@pytest.mark.parametrize(
    "ping", ["<!channel>", "<@U1>", "<#C1|general>", "<!subteam^S1>", "[<!here>](https://a.example)"]
)
def test_nothing_calls_anybody(ping: str) -> None:
    for post in rendered(f"Hallo {ping} **{ping}** `{ping}`\n\n```\n{ping}\n```\n\n- {ping}"):
        for text in [post.text, *texts_of(post.blocks)]:
            assert pings_in(text) == []
            assert is_escaped(text)


def test_slack_makes_no_mentions_and_no_links_of_its_own() -> None:
    blocks = rendered("@here", choices=(Choice(title="Ja", payload="/x"),), link="https://example.org")[0].blocks
    texts = [block["text"] for block in blocks if block["type"] == "section"]
    texts += [element for block in blocks if block["type"] == "context" for element in block["elements"]]
    assert all(text["verbatim"] is True for text in texts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=400), st.sampled_from(["x" * 3001, "&<>" * 301, "👩‍👩‍👧‍👦" * 700, "wort " * 900])),
        max_size=8,
    )
)
def test_whatever_the_text_every_part_is_one_that_slack_takes(paragraphs: list[str]) -> None:
    posts = rendered("\n\n".join(paragraphs), choices=(Choice(title="J" * 100, payload="/x"),))
    for post in posts:
        check_message({"text": post.text or "…", "blocks": post.blocks})
        assert all(is_escaped(text) for text in texts_of(post.blocks))
    assert posts == rendered("\n\n".join(paragraphs), choices=(Choice(title="J" * 100, payload="/x"),))


def test_a_cut_never_falls_into_a_sign_a_link_or_an_escape() -> None:
    family = "👩‍👩‍👧‍👦"
    for text in (family * 900, "&amp;" * 1500, "<https://example.org/aaaa|bbbb> " * 300):
        pieces = mrkdwn.cut(text, MAX_SECTION)
        assert all(len(piece) <= MAX_SECTION for piece in pieces)
        assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
        assert all(piece.startswith((family, "&amp;", "<")) for piece in pieces)


def test_a_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    pieces = mrkdwn.to_pieces("Ein ganzer Satz steht hier. " * 300)
    assert all(piece.endswith("hier.") for piece in pieces)


def test_what_stands_behind_the_fold_is_left_to_slacks_own_show_more() -> None:
    text = "Kurz gesagt: ja.\n\nUnd hier steht alles ganz genau."
    sections = [block for block in rendered(text, lead=16)[0].blocks if block["type"] == "section"]
    assert [section["expand"] for section in sections] == [True, False]


def test_the_sentence_that_answers_is_marked_and_the_whole_answer_is_behind_show_more() -> None:
    shown, article = "Gern!\n\nNach 5 Tagen.", "Das dauert.\n\nNach 5 Tagen."
    blocks = rendered(f"{shown}\n\n{article}", lead=len(shown), short=len("Nach 5 Tagen."))[0].blocks
    assert [block["type"] for block in blocks[:4]] == ["section", "context", "section", "section"]
    assert blocks[1]["elements"][0]["text"] == "*Kurze Antwort*"
    assert [block["text"]["text"] for block in blocks if block["type"] == "section"] == [
        "Gern!",
        "Nach 5 Tagen.",
        "Das dauert.\n\nNach 5 Tagen.",
    ]
    assert [block["expand"] for block in blocks if block["type"] == "section"] == [True, True, False]


def test_buttons_stand_under_the_last_part_only_five_in_a_row() -> None:
    choices = tuple(Choice(title=f"Wahl {number}", payload="/x") for number in range(7))
    posts = rendered("Wort. " * 3000, choices=choices)
    assert len(posts) > 1
    rows = [block for post in posts for block in post.blocks if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [5, 2]
    assert rows == [block for block in posts[-1].blocks if block["type"] == "actions"]
    assert all(len(element["value"]) <= 2000 for row in rows for element in row["elements"])
    assert all(sum(len(text) for text in texts_of(post.blocks)) <= MAX_TEXT + 1500 for post in posts)


def test_after_a_choice_it_stands_where_the_buttons_were() -> None:
    blocks = rendered("Passt das?", choices=tuple(Choice(title=str(n), payload="/x") for n in range(6)))[0].blocks
    left = after_choice(blocks, "<Ja>", "de")
    assert [block["type"] for block in left] == ["section", "context"]
    assert left[1]["elements"][0]["text"] == "Ausgewählt: &lt;Ja&gt;"


def test_an_agent_is_named_and_related_articles_are_links() -> None:
    related = (RelatedLink(question="Und der Preis?", link="https://example.org/p"),)
    post = rendered("Gern.", author=Author.AGENT, author_name="Mia <3", related=related)[0]
    assert post.text == "Mia &lt;3: Gern."
    assert "<https://example.org/p|Und der Preis?>" in "\n".join(texts_of(post.blocks))


def test_plain_words_hold_the_choices_too() -> None:
    message = replace(MESSAGE, text="Passt das?", choices=(Choice(title="Ja", payload="/x"),))
    post = plain(message, render(message, BUTTONS, UNTIL)[0])
    assert (post.text, post.blocks) == ("Passt das?\n\n• Ja", [])
