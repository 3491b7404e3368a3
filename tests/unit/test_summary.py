"""The story an agent reads first."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from helpdesk.handoff.summary import (
    MAX_RESTATED_LENGTH,
    MAX_WORDS,
    Correction,
    Label,
    RegisteredPromise,
    SuggestedArticle,
    Summary,
    masked,
    restate,
    summarise,
)
from helpdesk.handoff.summary.sentences import words
from helpdesk.texts.summary_phrases import StaffSummaryPhrases, fixed_words
from store.models import LineMoodRecord, MoodSignRecord

GERMAN, ENGLISH = StaffSummaryPhrases("de"), StaffSummaryPhrases("en")


def contact(seq: int, text: str, **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author=CONTACT, text=text, **({"intent": "faq"} | fields))  # type: ignore[arg-type]


def bot(seq: int, text: str = "…", **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author=BOT, text=text, **fields)  # type: ignore[arg-type]


def agent(seq: int, text: str) -> DialogueLine:
    return DialogueLine(seq=seq, author=AGENT, text=text)


def lines(summary: Summary, label: Label) -> list[tuple[str, tuple[int, ...]]]:
    return [(line.text, line.turns) for line in summary.lines if line.label == label]


def outcomes(summary: Summary, label: Label) -> list[str | None]:
    return [line.outcome for line in summary.lines if line.label == label]


PARCEL = (
    bot(1, "Guten Tag, ich bin Staffel.", outcome="none"),
    contact(2, "Hallo!", intent="greeting"),
    contact(3, "Mein Paket 4711 ist seit drei Wochen nicht angekommen, bestellt am 3. Mai für 49,90 €."),
    agent(4, "Das tut mir leid. Bitte prüfen Sie die Sendungsverfolgung auf unserer Seite."),
    contact(5, "Habe ich schon versucht, da steht nichts. Ich schreibe jetzt zum dritten Mal!"),
    agent(6, "Wir melden uns bis Freitag bei Ihnen."),
    contact(7, "Und bekomme ich das Geld zurück, wenn es nicht kommt?"),
    contact(8, "einen menschen bitte", intent="ask_person"),
)
ANGRY = (
    LineMoodRecord(seq=3, frustration=0.1, abuse=0.0, shown_by=()),
    LineMoodRecord(seq=5, frustration=0.7, abuse=0.0, shown_by=(MoodSignRecord("repetition", 5, "zum dritten Mal"),)),
    LineMoodRecord(seq=7, frustration=0.2, abuse=0.0, shown_by=()),
)


def test_a_german_story_is_told_whole() -> None:
    summary = summarise(
        PARCEL,
        phrases=GERMAN,
        moods=ANGRY,
        promises=[RegisteredPromise(by="Mia", text="Rückruf", due=datetime(2026, 5, 29, 10, tzinfo=UTC), seq=6)],
        articles=[SuggestedArticle(article="delivery", title="Wo bleibt mein Paket?")],
        email="ida@example.org",
    )
    assert summary.text.splitlines() == [
        "Anliegen: „Mein Paket 4711 ist seit drei Wochen nicht angekommen, bestellt am 3. Mai für 49,90 €.“",
        "Bekannt: Paket 4711",
        "Versucht: „Bitte prüfen Sie die Sendungsverfolgung auf unserer Seite.“ → "
        "„Habe ich schon versucht, da steht nichts.“ (half nicht)",
        "Offen: „Und bekomme ich das Geld zurück, wenn es nicht kommt?“",
        "Stimmung: erst ruhig, dann verärgert („zum dritten Mal“), zuletzt ruhig",
        "Zugesagt: Rückruf (Mia, bis 29. Mai, 10:00)",
        "Nächster Schritt: Zusage einhalten · Artikel „Wo bleibt mein Paket?“",
        "Erreichbar unter: ida@example.org",
    ]
    assert {line.label: line.turns for line in summary.lines} == {
        Label.REQUEST: (3,),
        Label.KNOWN: (3,),
        Label.TRIED: (4, 5),
        Label.OPEN: (7,),
        Label.MOOD: (3, 5, 7),
        Label.PROMISED: (6,),
        Label.NEXT: (3, 6),
        Label.CONTACT: (),
    }


def test_an_english_story_is_told_whole() -> None:
    summary = summarise(
        [
            contact(
                0, "Hi there, my order 20391-A arrived without the charger and I can't use the lamp.", language="en"
            ),
            agent(1, "Sorry to hear that. Could you try the cable of your phone?"),
            contact(2, "That did not work. I paid $79.90 on May 3rd and need it by Friday.", language="en"),
            agent(3, "We'll send you a new charger within 2 days."),
        ],
        phrases=ENGLISH,
    )
    assert summary.text.splitlines() == [
        "Request: “my order 20391-A arrived without the charger and I can't use the lamp.”",
        "Known: order 20391-A · $79.90 · May 3rd · Friday",
        "Tried: “Could you try the cable of your phone?” → “That did not work.” (didn't help)",
        "Promised: “We'll send you a new charger within 2 days.” (team)",
        "Next step: keep the promise",
    ]


def test_a_reader_of_the_other_language_gets_every_word_of_ours_in_theirs_and_quotations_as_they_were() -> None:
    fitting = [SuggestedArticle(article="delivery", title="Where is my parcel?")]
    summary = summarise(PARCEL, phrases=ENGLISH, spoken="de", moods=ANGRY, articles=fitting)

    assert summary.text.splitlines()[:2] == [
        "Request: Topic “Where is my parcel?”: “Mein Paket 4711 ist seit drei Wochen nicht angekommen, "
        "bestellt am 3. Mai für 49,90 €.”",
        "Known: Shipment: Paket 4711",
    ]
    assert "Mood: calm at first, then annoyed (“zum dritten Mal”), calm at last" in summary.text
    assert lines(summary, Label.LANGUAGE) == [("German", (2,))]


def test_the_request_is_what_is_still_open() -> None:
    said = [
        bot(1),
        contact(2, "wo bleibt mein paket"),
        bot(3, article="delivery-status", title="Wo bleibt mein Paket?"),
        contact(4, "Ja, danke", helpful=True, tapped=True),
        contact(5, "meine lampe ist kaputt angekommen"),
        bot(6, "Da hilft ein Mensch.", outcome="none"),
        contact(7, "mensch bitte", intent="ask_person"),
    ]
    summary = summarise(said, phrases=GERMAN)

    assert lines(summary, Label.REQUEST) == [("„meine lampe ist kaputt angekommen“", (5,))]
    assert outcomes(summary, Label.REQUEST) == ["still_open"]
    assert lines(summary, Label.OPEN) == []
    assert lines(summary, Label.TRIED) == [("„wo bleibt mein paket“ → Artikel „Wo bleibt mein Paket?“", (2, 3, 4))]
    assert outcomes(summary, Label.TRIED) == ["helped"]


def test_what_was_looked_up_and_thanked_for_is_no_longer_the_request() -> None:
    said = [
        contact(1, "Wo ist LH-2024-88317?", intent="lookup"),
        bot(2, "Ihre Bestellung ist unterwegs und kommt am Freitag."),
        contact(3, "super, danke", intent="thanks"),
        contact(4, "wie lange kann ich stühle zurückgeben"),
        bot(5, article="return-period", title="Wie lange kann ich zurückgeben?"),
        contact(6, "mensch bitte", intent="ask_person"),
    ]

    assert restate(said, quoted=GERMAN.quoted).text == "„wie lange kann ich stühle zurückgeben“"
    assert restate(said[:4], quoted=GERMAN.quoted).text == "„wie lange kann ich stühle zurückgeben“"


def test_an_answer_that_did_not_help_stays_open() -> None:
    said = [
        contact(1, "wo bleibt mein paket"),
        bot(2, article="delivery-status", title="Wo bleibt mein Paket?"),
        contact(3, "Nein", helpful=False, tapped=True),
    ]
    summary = summarise(said, phrases=GERMAN)

    assert outcomes(summary, Label.REQUEST) == ["still_open"]
    assert lines(summary, Label.TRIED) == [("Artikel „Wo bleibt mein Paket?“", (1, 2, 3))]
    assert outcomes(summary, Label.TRIED) == ["did_not_help"]


def test_several_messages_before_an_answer_are_one_request() -> None:
    summary = summarise([contact(2, "hab"), contact(3, "ne frage"), contact(4, "zu retouren")], phrases=GERMAN)

    assert lines(summary, Label.REQUEST) == [("„zu retouren“", (4,))]


def test_greetings_thanks_and_the_wish_itself_are_no_request() -> None:
    said = [contact(2, "hallo", intent="greeting"), contact(4, "einen menschen bitte", intent="ask_person")]
    unlabelled = [contact(2, "Hallo, guten Tag!", intent=None), contact(4, "Einen Menschen bitte", intent=None)]

    assert lines(summarise(said, phrases=GERMAN), Label.REQUEST) == []
    assert lines(summarise(unlabelled, phrases=GERMAN), Label.REQUEST) == []


def test_the_contacts_correction_stands_as_the_request() -> None:
    correction = Correction(text="Nein, es geht um die Rechnung 88123, nicht um das Paket.", seq=9)
    summary = summarise(PARCEL, phrases=GERMAN, correction=correction)

    request = "„Nein, es geht um die Rechnung 88123, nicht um das Paket.“"
    assert lines(summary, Label.REQUEST) == [(request, (9,))]
    assert restate(PARCEL, quoted=GERMAN.quoted, correction=correction).text == request


def test_the_same_ask_again_is_told_once_and_names_all_its_lines() -> None:
    said = [
        contact(1, "Wann kommt endlich mein bestelltes Sofa?"),
        agent(2, "Das Lager prüft den Bestand."),
        contact(3, "Wann kommt mein bestelltes Sofa denn endlich?"),
    ]
    summary = summarise(said, phrases=GERMAN)

    assert lines(summary, Label.REQUEST) == [("„Wann kommt endlich mein bestelltes Sofa?“", (1, 3))]
    assert summary.text.count("Sofa") == 1


def test_a_short_question_is_a_request_and_is_known_again_when_it_comes_back() -> None:
    said = [
        contact(0, "wie kann ich mein passwort zurücksetzen"),
        agent(1, "Schauen Sie bitte im Spam-Ordner nach."),
        contact(2, "da ist nichts"),
        contact(3, "wie kann ich denn jetzt mein passwort zurücksetzen???"),
    ]
    assert lines(summarise(said, phrases=GERMAN), Label.REQUEST) == [
        ("„wie kann ich mein passwort zurücksetzen“", (0, 3))
    ]


def test_a_question_of_ours_that_nobody_answered_is_open() -> None:
    said = [contact(1, "Mein Drucker druckt nur noch leere Seiten."), agent(2, "Welches Modell haben Sie genau?")]
    summary = summarise(said, phrases=GERMAN)

    assert lines(summary, Label.OPEN) == [("„Welches Modell haben Sie genau?“", (2,))]
    assert outcomes(summary, Label.OPEN) == ["awaited"]


def test_each_question_of_a_message_gets_its_own_answer_and_the_rest_stays_open() -> None:
    parts = (("wo ist mein paket", "delivery"), ("nehmt ihr paypal", "payment"), ("was kostet der umzug", None))
    said = [
        contact(2, "wo ist mein paket und nehmt ihr paypal was kostet der umzug", parts=parts),
        bot(3, article="delivery", title="Wo bleibt mein Paket?"),
        bot(4, article="payment", title="Wie kann ich zahlen?"),
    ]
    summary = summarise(said, phrases=GERMAN)

    assert [text for text, _ in lines(summary, Label.TRIED)] == [
        "„wo ist mein paket“ → Artikel „Wo bleibt mein Paket?“",
        "„nehmt ihr paypal“ → Artikel „Wie kann ich zahlen?“",
    ]
    assert lines(summary, Label.REQUEST) == [("„was kostet der umzug“", (2,))]


def test_an_address_left_behind_is_part_of_the_story() -> None:
    assert lines(summarise([], phrases=ENGLISH, email="ida@example.org"), Label.CONTACT) == [("ida@example.org", ())]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Ich habe das Gerät gekauft, ausgepackt, aufgestellt, angeschlossen, eingeschaltet, und es geht nicht.",
            "geht nicht",
        ),
        (
            "I was told on the phone by your people, after half an hour, that I do get it back, but I never did.",
            "never did",
        ),
        (
            "Ich zahle gern, und zwar sofort, per Karte oder Lastschrift, wie es Ihnen passt, wenn der Preis stimmt.",
            "wenn",
        ),
        (
            "Der Betrag war 1.234,50 € und nicht 1.234,05 €, das habe ich schwarz auf weiß, seit dem 03.05.2026 schon.",
            "nicht",
        ),
    ],
)
def test_no_negation_and_no_condition_falls_off_a_shortened_sentence(text: str, kept: str) -> None:
    assert kept in restate([contact(1, text)], quoted=GERMAN.quoted).text


def test_what_the_contact_confirms_fits_on_one_glance() -> None:
    rant = "ich warte und warte und nichts passiert und dann ruft keiner zurück und " * 30
    restated = restate([contact(1, rant)], quoted=GERMAN.quoted)

    assert len(restated.text) <= MAX_RESTATED_LENGTH
    assert restated.turns == (1,)
    assert restate([contact(1, "Hallo")], quoted=GERMAN.quoted).text == ""


def test_personal_data_is_masked_for_who_does_not_need_it() -> None:
    said = [
        contact(
            1,
            "Bitte das Geld auf DE89 3704 0044 0532 0130 00 oder Karte 4111 1111 1111 1111, Mail anna.s@example.org, "
            "Telefon 0171 2345678. Bestellung 4711-0815, 49,90 €.",
        )
    ]
    summary = summarise(said, phrases=GERMAN, email="anna.s@example.org", phone="+49 171 2345678")
    hidden = masked(summary).text

    for secret in ("3704", "1111 1111", "anna.s", "2345678"):
        assert secret in summary.text
        assert secret not in hidden
    for shown in ("DE•• •••• …3000", "•••• …1111", "a•••@example.org", "•••• …78", "Bestellung 4711-0815", "49,90 €"):
        assert shown in hidden


def test_a_summary_of_500_lines_is_as_short_as_any() -> None:
    talk = [PARCEL[2], PARCEL[3], PARCEL[4], PARCEL[5], contact(0, "Noch eine Frage zu Rechnung 9911 über 12,50 €?")]
    said = [
        DialogueLine(seq=seq, author=line.author, text=f"{line.text} Nummer {seq}", language="de")
        for seq, line in enumerate(talk * 100)
    ]
    summary = summarise(said, phrases=GERMAN)
    assert len(summary.text.split()) <= MAX_WORDS


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=120)
SENTENCES = (
    "Das Paket 4711 kam nicht an, und ich warte seit dem 3. Mai.",
    "Bitte prüfen Sie das!",
    "Danke, das hilft mir nicht.",
    "I can't log in, because the code 0815 doesn't work.",
    "Try restarting your iPhone 12.",
    "Wir melden uns bis Freitag.",
    "Was kostet das, 49,90 € oder 59,90 €?",
    "Frau Meier aus München weiß Bescheid",
    "no, it didn't",
    "mensch",
)
sentences = st.lists(st.sampled_from(SENTENCES), max_size=5).map(" ".join)
dialogues = st.lists(
    st.tuples(st.sampled_from([CONTACT, BOT, AGENT]), st.one_of(texts, sentences), st.sampled_from(["de", "en", None])),
    max_size=20,
)


@given(dialogues, st.sampled_from(["de", "en"]))
def test_every_word_is_in_a_line_it_names_or_fixed_wording(
    dialogue: Sequence[tuple[str, str, str | None]], reader: str
) -> None:
    said = [
        DialogueLine(seq=seq, author=author, text=text, language=language)
        for seq, (author, text, language) in enumerate(dialogue)
    ]
    summary = summarise(said, phrases=StaffSummaryPhrases(reader))
    spoken = {line.seq: " ".join(line.text.split()) for line in said}
    fixed = {word for each in fixed_words(reader) for word in words(each)}

    assert len(summary.text.split()) <= MAX_WORDS
    for line in summary.lines:
        assert line.turns
        named = " ".join(spoken[seq] for seq in line.turns)
        assert set(words(line.text)) <= set(words(named)) | fixed
        for piece in line.said:
            assert piece.removesuffix("…").rstrip() in named
    restated = restate(said, quoted=StaffSummaryPhrases(reader).quoted)
    assert len(restated.text) <= MAX_RESTATED_LENGTH


def test_a_word_on_the_answer_belongs_to_the_question_that_was_asked() -> None:
    said = [
        DialogueLine(seq=2, author="contact", text="Wann bekomme ich mein Geld zurück?", intent="faq"),
        DialogueLine(seq=3, author="bot", text="In 3 Tagen.", article="refund", title="Wann kommt mein Geld?"),
        DialogueLine(seq=4, author="contact", text="Das hab ich schon gelesen, hat nicht geholfen.", intent="faq"),
        DialogueLine(seq=5, author="bot", text="Im Konto.", article="cancel", title="Wie storniere ich?"),
        DialogueLine(seq=6, author="contact", text="Langsam reicht es mir!", intent="complaint"),
    ]

    request = next(line for line in summarise(said, phrases=GERMAN).lines if line.label == "request")

    assert "Wann bekomme ich mein Geld zurück?" in request.text
    assert restate(said, quoted=GERMAN.quoted).text.startswith("„Wann bekomme ich mein Geld zurück?")
