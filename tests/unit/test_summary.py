"""The story an agent reads first."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.handoff.dialogue import Said
from helpdesk.handoff.summary import LONGEST_QUOTE, MOST_TOPICS, Label, Summary, summarise


def contact(seq: int, text: str, **fields: object) -> Said:
    return Said(seq=seq, author="contact", text=text, **({"intent": "faq"} | fields))  # type: ignore[arg-type]


def bot(seq: int, text: str = "…", **fields: object) -> Said:
    return Said(seq=seq, author="bot", text=text, **fields)  # type: ignore[arg-type]


def lines(summary: Summary, label: Label) -> list[tuple[str, tuple[int, ...]]]:
    return [(line.text, line.turns) for line in summary.lines if line.label == label]


def test_the_request_is_what_is_still_open() -> None:
    said = [
        bot(1),
        contact(2, "wo bleibt mein paket"),
        bot(3, article="delivery-status", title="Wo bleibt mein Paket?"),
        contact(4, "Ja, danke", helpful=True, tapped=True),
        contact(5, "meine lampe ist kaputt angekommen"),
        bot(6, "Da hilft ein Mensch."),
        contact(7, "mensch bitte", intent="ask_person"),
    ]
    summary = summarise(said, language="de")

    assert lines(summary, Label.REQUEST) == [("meine lampe ist kaputt angekommen", (5,))]
    assert lines(summary, Label.OPEN) == [("meine lampe ist kaputt angekommen", (5,))]
    assert lines(summary, Label.ANSWERED) == [("wo bleibt mein paket → Wo bleibt mein Paket?", (2, 3))]


def test_an_answer_that_did_not_help_stays_open() -> None:
    said = [
        contact(1, "wo bleibt mein paket"),
        bot(2, article="delivery-status", title="Wo bleibt mein Paket?"),
        contact(3, "Nein", helpful=False, tapped=True),
    ]
    summary = summarise(said, language="de")

    assert lines(summary, Label.OPEN) == [("wo bleibt mein paket", (1,))]
    assert [line.outcome for line in summary.lines if line.label == Label.ANSWERED] == ["did_not_help"]


def test_several_messages_before_an_answer_are_one_request() -> None:
    summary = summarise([contact(2, "hab"), contact(3, "ne frage"), contact(4, "zu retouren")], language="de")

    assert lines(summary, Label.REQUEST) == [("hab · ne frage · zu retouren", (2, 3, 4))]


def test_greetings_thanks_and_the_wish_itself_are_no_request() -> None:
    said = [contact(2, "hallo", intent="greeting"), contact(4, "einen menschen bitte", intent="ask_person")]

    assert lines(summarise(said, language="de"), Label.REQUEST) == []


def test_an_address_left_behind_is_part_of_the_story() -> None:
    assert lines(summarise([], language="en", email="ida@example.org"), Label.CONTACT) == [("ida@example.org", ())]


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=400)
dialogues = st.lists(st.tuples(st.sampled_from(["contact", "bot"]), texts, st.booleans()), max_size=60)


@given(dialogues)
def test_every_line_rests_on_what_was_said(dialogue: list[tuple[str, str, bool]]) -> None:
    said = [
        Said(seq=seq, author=author, text=text, article="key" if author == "bot" and has_article else None)
        for seq, (author, text, has_article) in enumerate(dialogue, start=1)
    ]
    summary = summarise(said, language="de")
    spoken = {line.seq: " ".join(line.text.split()) for line in said}

    assert len(summary.lines) <= 2 * MOST_TOPICS + 3
    for line in summary.lines:
        assert set(line.turns) <= set(spoken)
        if line.label in {Label.REQUEST, Label.OPEN}:
            assert len(line.text) <= LONGEST_QUOTE + 2
            assert line.text.removesuffix(" …")[:40].strip() in " · ".join(spoken[seq] for seq in line.turns)


def test_each_question_of_a_message_gets_its_own_answer_and_the_rest_stays_open() -> None:
    parts = (("wo ist mein paket", "delivery"), ("nehmt ihr paypal", "payment"), ("was kostet der umzug", None))
    said = [
        Said(seq=2, author="contact", text="wo ist mein paket und nehmt ihr paypal was kostet der umzug", parts=parts),
        Said(seq=3, author="bot", text="…", article="delivery", title="Wo bleibt mein Paket?"),
        Said(seq=4, author="bot", text="…", article="payment", title="Wie kann ich zahlen?"),
    ]
    lines = summarise(said, language="de").lines

    answered = [line.text for line in lines if line.label == Label.ANSWERED]
    assert answered == ["wo ist mein paket → Wo bleibt mein Paket?", "nehmt ihr paypal → Wie kann ich zahlen?"]
    assert [line.text for line in lines if line.label == Label.OPEN] == ["was kostet der umzug"]
    assert next(line.text for line in lines if line.label == Label.REQUEST) == "was kostet der umzug"
