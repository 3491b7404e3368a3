"""Long answers: folded, or the sentence that answers first."""

from knowledge.articles.answers import ShortAnswer
from tests.action_conversation import LONG, RasaConversation


def test_a_long_answer_is_folded_after_its_first_paragraph_and_what_stands_before_it() -> None:
    calm = RasaConversation().run("action_answer", outcome="answer", found=(("long", 0.9),))
    annoyed = RasaConversation().run(
        "action_answer", text="wie geht das, es nervt", outcome="answer", found=(("long", 0.9),)
    )

    assert calm["text"][: calm["custom"]["lead"]] == LONG.answer.split("\n\n")[0]
    assert annoyed["text"][: annoyed["custom"]["lead"]].endswith(LONG.answer.split("\n\n")[0])
    assert len(annoyed["text"]) > len(calm["text"])


def test_the_sentence_that_answers_is_said_once_with_the_rest_of_the_article_below() -> None:
    short = ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3, goes_first=True, rest="Alles andere. …")
    said = RasaConversation(short=short).run("action_answer", "Hallo, wann?", outcome="answer", found=(("long", 0.9),))

    assert said["text"] == "Nach 5 Tagen.\n\nAlles andere. …"
    assert said["custom"]["lead"] == said["custom"]["short"] == len("Nach 5 Tagen.")


def test_a_row_that_answers_stands_before_the_whole_article() -> None:
    said = RasaConversation(
        short=ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3, goes_first=True)
    ).run("action_answer", "Hallo, wann?", outcome="answer", found=(("long", 0.9),))

    assert said["text"] == f"Nach 5 Tagen.\n\n{LONG.answer}"
    assert said["custom"]["lead"] == said["custom"]["short"] == len("Nach 5 Tagen.")


def test_an_unsure_short_answer_leaves_the_article_as_it_is() -> None:
    said = RasaConversation(short=ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3)).run(
        "action_answer", "wann", outcome="answer", found=(("long", 0.9),)
    )

    assert said["text"] == LONG.answer
    assert "short" not in said["custom"]


def test_a_value_that_the_article_does_not_name_is_said_so_first() -> None:
    short = ShortAnswer(
        text="Wir liefern nach Ulm.", plain="Ja, wir liefern nach Ulm.", number=0, goes_first=True, missing="*Bonn*"
    )
    said = RasaConversation(short=short).run("action_answer", "Bonn?", outcome="answer", found=(("long", 0.9),))

    assert said["text"].startswith(
        "„\\*Bonn\\*“ wird hier nicht erwähnt. Dazu steht hier nur:\n\nWir liefern nach Ulm.\n\n"
    )
    assert said["text"][: said["custom"]["lead"]].endswith("nur:\n\nWir liefern nach Ulm.")


def test_what_follows_on_an_article_gets_its_sentence_and_not_the_article_again() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", "wie geht das", outcome="answer", found=(("long", 0.9),))
    conversation.articles.short = ShortAnswer(
        text="Samstags nicht.", plain="Samstags nicht.", number=3, goes_first=True
    )
    second = conversation.run("action_answer", "und samstags?", outcome="answer", found=(("long", 0.9),))
    third = conversation.run("action_answer", "und am samstag?", outcome="answer", found=(("long", 0.9),))

    assert second["text"] == "Samstags nicht."
    assert second["custom"] == {"article": "long", "short": len("Samstags nicht.")}
    assert third["custom"] == {}


def test_another_value_that_is_missing_is_said_again() -> None:
    conversation = RasaConversation()
    for value in ("Amex", "Klarna"):
        conversation.articles.short = ShortAnswer(text="Bar.", plain="Bar.", number=0, goes_first=True, missing=value)
        said = conversation.run("action_answer", f"geht {value}?", outcome="answer", found=(("long", 0.9),))

        assert said["text"].startswith(f"„{value}“ wird hier nicht erwähnt.")


def test_a_tapped_article_answers_the_question_that_was_asked_back() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", "wann kommt das", outcome="clarify", found=(("long", 0.5), ("delivery", 0.4)))
    conversation.run("action_answer", '/faq{"article": "long"}', article="long")

    assert conversation.articles.asked[-1] == ("long", "wann kommt das")
