"""Where a message may be cut, and what of it asks nothing."""

import pytest

from knowledge.message.clauses import MAX_CLAUSES, asked_in, clauses_of, looks_like_a_question, without_courtesy


def texts(message: str) -> list[str]:
    return [clause.text for clause in clauses_of(message)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Wo ist mein Paket?", ["Wo ist mein Paket?"]),
        ("wo ist mein paket und wie kann ich zahlen", ["wo ist mein paket", "wie kann ich zahlen"]),
        ("was kostet das? ach ja, und nehmt ihr paypal", ["was kostet das?", "nehmt ihr paypal"]),
        ("how do i cancel it how do i get my money back", ["how do i cancel it", "how do i get my money back"]),
        ("do you ship abroad & where is my parcel", ["do you ship abroad", "where is my parcel"]),
        ("2 Fragen: 1. habt ihr rote 2. was kostet das", ["2 Fragen", "habt ihr rote", "was kostet das"]),
        ("1) do you ship abroad 2) where is my parcel", ["do you ship abroad", "where is my parcel"]),
        ("kommt es am 2. Mai oder am 1. Juni", ["kommt es am 2. Mai oder am 1. Juni"]),
        ("I want a refund. Also, can you call me?", ["I want a refund.", "can you call me?"]),
        ("brauche die rechnung\nund wo ist mein paket", ["brauche die rechnung", "wo ist mein paket"]),
        ("hallo\nich hab ne frage\nwie lösche ich mein konto", ["wie lösche ich mein konto"]),
        ("Guten Tag, wo bleibt mein Paket? Danke und viele Grüße", ["wo bleibt mein Paket?"]),
        ("can you tell me how do I return it", ["can you tell me how do I return it"]),
        ("Können Sie mir sagen, wie lange das dauert?", ["Können Sie mir sagen, wie lange das dauert?"]),
        ("up to what day do you take it back", ["up to what day do you take it back"]),
        ("is this a bot or what", ["is this a bot or what"]),
        ("account locked, why", ["account locked, why"]),
        ("hallo zusammen", []),
        ("vielen dank im voraus", []),
        ("👍", []),
    ],
)
def test_a_message_is_cut_where_something_new_may_begin(message: str, expected: list[str]) -> None:
    assert texts(message) == expected


@pytest.mark.parametrize(
    ("message", "bits"),
    [
        ("Hose und Jacke zurückschicken", ("Hose", "Jacke zurückschicken")),
        ("passwort vergessen, gutschein geht nicht", ("passwort vergessen", "gutschein geht nicht")),
        ("spare parts plus the manual", ("spare parts", "the manual")),
        ("Wo ist mein Paket?", ("Wo ist mein Paket?",)),
    ],
)
def test_an_and_between_words_is_only_a_soft_seam(message: str, bits: tuple[str, ...]) -> None:
    (clause,) = clauses_of(message)

    assert clause.bits == bits


@pytest.mark.parametrize("number", ["3.50 €", "um 14.30 Uhr", "v1.2"])
def test_a_point_inside_a_number_ends_nothing(number: str) -> None:
    assert texts(f"kostet es {number} oder mehr") == [f"kostet es {number} oder mehr"]


@pytest.mark.parametrize("date", ["am 3. Dezember", "am 20. November"])
def test_a_point_behind_a_day_ends_nothing(date: str) -> None:
    assert texts(f"wenn ich es {date} gekauft habe") == [f"wenn ich es {date} gekauft habe"]


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Hallo, wo ist mein Paket? Danke!", "wo ist mein Paket?"),
        ("bin schwanger, kann ich aussetzen?", "bin schwanger, kann ich aussetzen?"),
        (
            f"{'Wir waren lange weg und haben viel erlebt. ' * 4}Mein Band ist weg. Wie komme ich rein?",
            "Wie komme ich rein?",
        ),
        ("danke", ""),
    ],
)
def test_what_a_message_asks_is_read_with_what_it_tells(message: str, asked: str) -> None:
    assert asked_in(message).endswith(asked)
    assert len(asked_in(message)) <= 160


def test_a_letter_keeps_its_tail_in_one_piece() -> None:
    message = " ".join(f"Wie geht das mit Nummer {n}?" for n in range(30))

    clauses = clauses_of(message)

    assert len(clauses) == MAX_CLAUSES
    assert clauses[-1].text.endswith("Nummer 29?")


@pytest.mark.parametrize(
    "text", ["wo ist es", "ab wann gilt das", "geht das?", "ich brauche eine rechnung", "send me it"]
)
def test_questions_and_wishes_are_known_by_their_form(text: str) -> None:
    assert looks_like_a_question(text)


@pytest.mark.parametrize("text", ["mein paket ist weg", "hab die schuhe zurückgeschickt", "passwort vergessen"])
def test_a_statement_has_no_such_form(text: str) -> None:
    assert not looks_like_a_question(text)


def test_courtesy_is_taken_off_at_both_ends_only() -> None:
    assert (
        without_courtesy("Hallo, ich möchte Danke sagen für die Karte, danke!")
        == "ich möchte Danke sagen für die Karte"
    )


@pytest.mark.parametrize("message", ["", " \n ", "?!", "a" * 5000, "und " * 500, ",;&+–" * 200, "((((" * 300])
def test_nothing_is_too_odd_to_be_cut(message: str) -> None:
    assert len(clauses_of(message)) <= MAX_CLAUSES


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "Ich möchte das Fach ändern und außerdem wissen, ob ich bar zahlen kann",
            ("Ich möchte das Fach ändern", "wissen, ob ich bar zahlen kann"),
        ),
        (
            "I want to move my desk and also know whether you take cash",
            ("I want to move my desk", "know whether you take cash"),
        ),
    ],
)
def test_what_one_wants_to_know_besides_is_a_question_of_its_own(message: str, parts: tuple[str, ...]) -> None:
    clauses = clauses_of(message)
    bits = tuple(bit for clause in clauses for bit in clause.bits)

    assert bits == parts
    assert all(clause.asks for clause in clauses)


@pytest.mark.parametrize(
    "first", ["ich wollte fragen", "Ich möchte mal etwas wissen:", "I just wanted to ask", "i'd like to know"]
)
def test_what_only_announces_a_question_is_none(first: str) -> None:
    assert texts(f"{first}\nob ihr samstags liefert") == ["ob ihr samstags liefert"]
    assert len(clauses_of(f"{first} ob ihr samstags liefert")) == 1
