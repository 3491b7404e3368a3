"""The stranger's 240 messages, how replies to them are judged, and the page that shows what was said."""

import re
from dataclasses import replace

from benchmarks.dialogues import page, transcript
from benchmarks.dialogues.judgement import Verdict, judge
from benchmarks.dialogues.message_set import (
    FOLDER,
    CustomerMessage,
    NeverRule,
    WantedOutcome,
    articles_by_topic,
    load_conversations,
)
from benchmarks.dialogues.observation import ReplyLine, TurnObservation
from benchmarks.dialogues.sentences import OUTCOMES, claims_feeling, is_known, sentences_in
from i18n import catalog

LATER = [FOLDER.with_name(f"dialogues_{which}") for which in ("second", "third", "fourth", "fifth", "sixth", "seventh")]
MESSAGES = [message for conversation in load_conversations() for message in conversation]
INVOICE = WantedOutcome(outcome="answer", topics=("invoice copy",))
CLEANING = WantedOutcome(outcome="answer", topics=("mattress cleaning",))


def message(*expects: WantedOutcome, never: str = "", kind: str = "faq") -> CustomerMessage:
    return CustomerMessage(
        conversation="en99",
        language="en",
        kind=kind,
        say="where is my invoice",
        words="",
        expects=expects,
        never=tuple(NeverRule(rule=rule) for rule in never.split()),
        before="open",
        quick=False,
        edit=False,
        held=False,
    )


def reply(
    text: str = "", *, article: str | None = None, choices: tuple[str, ...] = (), events: tuple[str, ...] = ()
) -> TurnObservation:
    line = ReplyLine(author="bot", text=text, choices=choices, article=article)
    return TurnObservation(lines=(line,), seconds=0.5, events=events, was="bot", status="bot")


def said(english: str, *, informal: bool = False) -> str:
    return catalog("customer", "de", informal=informal).gettext(english)


def test_the_set_has_120_messages_a_language_and_a_third_of_the_conversations_held_back() -> None:
    held = {each.conversation for each in MESSAGES if each.held}
    everybody = {each.conversation for each in MESSAGES}

    assert [sum(each.language == language for each in MESSAGES) for language in ("de", "en")] == [120, 120]
    assert 0.3 < len(held) / len(everybody) < 0.35


def test_each_expectation_is_written_in_the_words_of_the_readme() -> None:
    vocabulary = set(re.findall(r"`([a-z-]+)`", (FOLDER / "README.md").read_text("utf-8")))
    used = {outcome for each in MESSAGES for outcome in each.outcomes}
    used |= {rule.rule for each in MESSAGES for rule in each.never}
    later = [message for folder in LATER for conversation in load_conversations(folder) for message in conversation]
    topics = {topic for each in (*MESSAGES, *later) for wanted in each.answers for topic in wanted.topics}

    assert used - vocabulary - OUTCOMES.keys() == set()
    assert topics == articles_by_topic().keys()


def test_the_right_article_is_right_and_a_choice_that_holds_it_is_half() -> None:
    asked = message(INVOICE, WantedOutcome(outcome="choices"))

    assert judge(asked, reply("…", article="invoice-copy")).verdict is Verdict.RIGHT
    assert judge(asked, reply("…", choices=("Where do I find my invoice?",))).verdict is Verdict.HALF
    assert judge(asked, reply("…", choices=("Is there a shop I can visit?",))).verdict is Verdict.WRONG
    assert judge(asked, reply("…", article="shop")).verdict is Verdict.WRONG


def test_of_two_questions_one_answered_is_half() -> None:
    both = message(WantedOutcome(outcome="answer", topics=("invoice copy", "parking")))

    assert judge(both, reply("…", article="invoice-copy")).verdict is Verdict.HALF


def test_saying_that_it_is_not_known_is_right_only_where_the_shop_has_no_article() -> None:
    unknown = reply(said("I have no reliable answer to that. Shall I bring in a person who finds out for you?"))

    assert judge(message(CLEANING), unknown).verdict is Verdict.RIGHT
    assert judge(message(INVOICE), unknown).verdict is Verdict.WRONG
    assert judge(message(CLEANING), reply("…", article="shop")).verdict is Verdict.WRONG


def test_what_must_never_happen_is_absurd_although_the_answer_is_right() -> None:
    upset = said("I can see that you're upset, and I take that seriously.", informal=True)
    asked = message(INVOICE, never="feelings handoff german")

    assert judge(asked, reply(upset, article="invoice-copy")).verdict is Verdict.ABSURD
    assert judge(asked, reply("…", article="invoice-copy", events=("request_handoff",))).verdict is Verdict.ABSURD
    german = "Ihre Rechnungen liegen als PDF unter **Mein Konto → Rechnungen**, und zwar 10 Jahre lang."
    assert judge(asked, reply(german, article="invoice-copy")).verdict is Verdict.ABSURD


def test_silence_is_silent_unless_none_is_needed_or_the_next_message_came_at_once() -> None:
    nothing = TurnObservation(lines=(), seconds=None, events=(), was="bot", status="bot")

    assert judge(message(INVOICE), nothing).verdict is Verdict.SILENT
    assert judge(message(INVOICE), nothing, joined=True).verdict is Verdict.RIGHT
    assert judge(message(WantedOutcome(outcome="quiet")), nothing).verdict is Verdict.RIGHT


def test_an_edit_may_be_passed_over_only_if_the_first_words_had_their_answer() -> None:
    nothing = TurnObservation(lines=(), seconds=None, events=(), was="bot", status="bot")
    edited = replace(message(INVOICE, WantedOutcome(outcome="quiet")), edit=True)

    assert judge(edited, nothing).verdict is Verdict.RIGHT
    assert judge(edited, nothing, was_right=False).verdict is Verdict.SILENT


def test_an_article_on_something_else_keeps_nobody_company() -> None:
    waits = message(WantedOutcome(outcome="company"))
    meanwhile = said("While you wait, perhaps this helps already:")

    assert judge(waits, reply(meanwhile, article="shop")).verdict is Verdict.WRONG
    assert judge(waits, reply(said("You're welcome. Your request keeps its place."))).verdict is Verdict.RIGHT


def test_only_an_article_on_the_matter_takes_it_up() -> None:
    goes_on = message(WantedOutcome(outcome="takes-up"))

    assert judge(goes_on, reply("…", article="invoice-copy"), before=[message(INVOICE)]).verdict is Verdict.RIGHT
    assert judge(goes_on, reply("…", article="shop"), before=[message(INVOICE)]).verdict is Verdict.WRONG


def test_a_sentence_is_known_in_each_form_of_address_and_with_its_values() -> None:
    mended = said("Thank you, we can reach you at {email}. Your request stays in the queue.", informal=True)

    assert "Thank you, we can reach you at {email}. Your request stays in the queue." in {
        found.id for found in sentences_in(mended.format(email="ida@example.org"))
    }
    assert all(is_known(str(each)) for members in OUTCOMES.values() for each in members)


def test_regret_for_a_damage_claims_no_feeling() -> None:
    assert not claims_feeling(["Nobody answering although you got in touch is annoying. I'm sorry."])
    assert claims_feeling(["I understand that your patience has run out."])


def test_the_page_is_built_from_the_current_messages() -> None:
    assert [each.say for each in transcript.load()] == [each.say for each in MESSAGES]
    assert page.PAGE.read_text("utf-8").endswith(page.built()), "python -m benchmarks dialogues --keep"
