"""Frustration and abuse of a line, in German and English, and the words that show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.mood import ABUSIVE_FROM, BUILDS_UP, Mood, MoodClassifier, SignKind, judge_moods

QUOTABLE = st.text(alphabet=st.sampled_from("aeiouäöüßnrstdkIDTSC !?.*@$1357😡👍\"„“'"), max_size=60)
SPOKEN = st.lists(st.tuples(st.sampled_from(["contact", "bot", "agent"]), QUOTABLE), max_size=12)


def said(*lines: str) -> list[DialogueLine]:
    """A dialogue: "> …" is the bot's line."""
    return [
        DialogueLine(seq=seq, author="bot" if line.startswith("> ") else "contact", text=line.removeprefix("> "))
        for seq, line in enumerate(lines)
    ]


def last(*lines: str) -> Mood:
    return judge_moods(said(*lines))[-1]


def shown(mood: Mood) -> set[tuple[SignKind, str]]:
    return {(sign.kind, sign.text) for sign in mood.shown_by}


@pytest.mark.parametrize(
    "text",
    [
        "Zum dritten Mal: wo ist mein Geld?!",
        "Das ist eine absolute Frechheit!",
        "Ich bin stinksauer, nie wieder!",
        "Ihr Service ist unterirdisch, ich habe die Nase voll.",
        "na super",
        "vielen Dank auch!",
        "Thanks for nothing.",
        "This is the worst service ever",
        "For the third time, where is my refund?!",
        "I am sick and tired of this.",
        "Was für ein Saftladen!",
        "What a complete scam!!!",
    ],
)
def test_a_frustrated_line_is_told(text: str) -> None:
    mood = last(text)
    assert mood.frustration >= BUILDS_UP
    assert mood.shown_by


@pytest.mark.parametrize(
    "text",
    [
        "No problem, thanks",
        "nicht schlecht",
        "Das ist ja der Wahnsinn, danke!",
        "Kein Problem, ich habe Zeit.",
        "Wo bleibt mein Paket?",
        "I am not angry, just asking",
        "Meine Bestellung ist AB-2210-XK, bitte an DHL.",
        "PDF, DOCX oder XLSX?",
        "Ich Idiot habe die falsche Größe bestellt",
        "Not bad at all!",
        "No thanks, that's all.",
        "Nein danke, das war alles.",
        "Can you assist me with a package to go to Dusseldorf?",
        "Thanks a lot for everything!",
        "Haben Sie einen Rucksack oder ein Sparschwein?",
        "Quatsch, 88371 meinte ich",
        "ach Mist, vertippt: 04109",
        "Mir reicht ein Foto, mehr brauche ich nicht",
        "damn, wrong number, it's LH-2024-88371",
        "Mein Vater ist im Alter von 80 Jahren umgezogen, der Reisepass auch.",
    ],
)
def test_a_calm_line_is_neither(text: str) -> None:
    mood = last(text)
    assert mood.frustration < BUILDS_UP
    assert mood.abuse < ABUSIVE_FROM


@pytest.mark.parametrize(
    "text",
    [
        "du Arschloch",
        "Ihr seid doch alle Idioten",
        "Halt die Fresse",
        "f*ck you",
        "Du A***loch",
        "du 1diot",
        "Sie unfaehiger Trottel",
        "I will kill you",
        "Ich bring euch um",
        "You stupid cow",
        "scheiß Kanaken",
        "you faggots",
        "Deine Mutter ist eine Hure",
        "Ihr Vollidioten!",
        "verpisst euch",
    ],
)
def test_what_is_aimed_at_somebody_is_abuse(text: str) -> None:
    mood = last(text)
    assert mood.abuse >= ABUSIVE_FROM
    assert mood.shown_by


@pytest.mark.parametrize(
    "text",
    [
        "Scheiße, das Paket ist weg",
        "Verdammt, wo ist der Knopf?",
        "Shit, I lost my parcel",
        "This is fucking ridiculous",
        "Das ist eine absolute Frechheit!",
        "Ich gehe zum Anwalt!",
        "Der Fahrer hat mich „Idiot“ genannt.",
        'Your driver called me "a stupid cow".',
        "Die Wartezeit bringt mich um",
        "I'm such an idiot, sorry",
        "Haben Sie Hundefutter?",
        "Dumme Frage, aber wo finde ich das?",
        "I'd kill for a discount",
    ],
)
def test_annoyance_and_quotations_are_no_abuse(text: str) -> None:
    assert last(text).abuse < ABUSIVE_FROM


def test_frustration_rises_while_the_bot_does_not_understand() -> None:
    moods = judge_moods(
        said(
            "Wo ist mein Paket?",
            "> Das habe ich leider nicht verstanden.",
            "Ich suche mein Paket.",
            "> Das habe ich leider nicht verstanden.",
            "Ich suche mein Paket!!",
        )
    )
    first, second, third = (mood.frustration for mood in moods)
    assert first < second < third
    assert (SignKind.FAILURE, "leider") in shown(moods[1])
    assert SignKind.REPETITION in {sign.kind for sign in moods[2].shown_by}


def test_the_same_refusal_weighs_more_after_failures() -> None:
    calm = last("I need a train.", "> TR1 leaves at 9. Shall I book it?", "No, something else.")
    worn = last("I need a train.", "> I'm sorry, there are no trains.", "No, something else.")
    assert worn.frustration > calm.frustration


def test_an_answer_that_did_not_help_is_a_sign_on_the_next_line() -> None:
    before = said("Wie kündige ich?", "> So kündigen Sie: …")
    tap = DialogueLine(seq=2, author="contact", text="Nein", tapped=True, helpful=False)
    after = DialogueLine(seq=3, author="contact", text="Wo steht das?")
    (_, mood) = judge_moods([*before, tap, after])
    assert SignKind.NOT_HELPFUL in {sign.kind for sign in mood.shown_by}


def test_praise_of_what_went_wrong_is_sarcasm() -> None:
    meant = last("Super, danke, alles da!")
    ironic = last("Super, jetzt ist alles kaputt.")
    assert ironic.frustration > 2 * meant.frustration


def test_an_insult_is_found_in_every_spelling() -> None:
    for text in (
        "du Arschloch",
        "DU ARSCHLOCH",
        "du Aaaaarschloch",
        "du A***loch",
        "du 4rschloch",
        "du a r s c h l o c h",
    ):
        assert SignKind.INSULT in {sign.kind for sign in last(text).shown_by}, text


def test_stupid_things_are_annoying_and_stupid_people_insulted() -> None:
    thing, person = last("Die blöde App stürzt ab"), last("Ihr seid so blöd")
    assert (SignKind.ANGER, "blöde") in shown(thing)
    assert (SignKind.INSULT, "blöd") in shown(person)
    assert thing.abuse < ABUSIVE_FROM <= person.abuse


def test_only_lines_with_words_of_the_contact_have_a_mood() -> None:
    lines = [*said("> Hallo", "  ", "Hallo"), DialogueLine(seq=3, author="contact", text="Ja", tapped=True)]
    assert [mood.seq for mood in judge_moods(lines)] == [2]


@given(SPOKEN)
def test_every_sign_is_an_exact_part_of_its_line(lines: list[tuple[str, str]]) -> None:
    dialogue = [DialogueLine(seq=seq, author=author, text=text) for seq, (author, text) in enumerate(lines, start=5)]
    texts = {line.seq: line.text for line in dialogue}
    for mood in judge_moods(dialogue):
        assert 0 <= mood.frustration <= 1
        assert 0 <= mood.abuse <= 1
        assert all(sign.text in texts[sign.seq] and sign.seq <= mood.seq for sign in mood.shown_by)


@given(SPOKEN, st.integers(0, 12))
def test_what_comes_later_does_not_change_a_mood(lines: list[tuple[str, str]], cut: int) -> None:
    dialogue = [DialogueLine(seq=seq, author=author, text=text) for seq, (author, text) in enumerate(lines)]
    early = judge_moods(dialogue[:cut])
    assert judge_moods(dialogue)[: len(early)] == early


def test_line_by_line_is_the_same_as_at_once() -> None:
    dialogue = said("Hallo", "> Leider nein.", "Was soll das?", "> Leider nein.", "Ihr seid Idioten")
    judge = MoodClassifier()
    assert tuple(mood for line in dialogue if (mood := judge.hear(line))) == judge_moods(dialogue)
