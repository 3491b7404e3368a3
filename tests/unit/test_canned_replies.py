"""Canned replies: which text a conversation gets, what fills it in, what is found, and the table."""

from datetime import UTC, datetime

import pytest

from helpdesk.canned_replies.reply import ReplyDraft, ReplyProblem, choose_text, key_for, text_keys, tidy_reply
from helpdesk.canned_replies.reply_search import find_replies
from helpdesk.canned_replies.reply_store import ReplyView
from helpdesk.canned_replies.reply_table import read_table, write_table
from helpdesk.canned_replies.reply_text import GapLeft, fill_text, put_variables, refuse_gaps

NAMES = {"name": "Name", "number": "Nummer"}


def view(shortcut: str, title: str, text: str = "…", *, uses: int = 0) -> ReplyView:
    return ReplyView(
        id=shortcut,
        draft=ReplyDraft(shortcut=shortcut, title=title, texts={"de": text}),
        owner="",
        team_name=None,
        uses=uses,
        used_at=None,
        changed_by="Ada",
        changed_at=datetime(2026, 11, 29, tzinfo=UTC),
    )


def found(query: str, *replies: ReplyView) -> list[str]:
    return [reply.id for reply in find_replies(replies, query)]


def test_language_and_form_of_address_choose_and_another_text_says_so() -> None:
    texts = {"de": "Sie", "de@informal": "du", "en": "you"}
    assert text_keys()[:3] == ("de", "de@informal", "en")
    assert choose_text(texts, "de", "du").text == "du"
    assert choose_text(texts, "de", "sie").text == "Sie"
    assert choose_text(texts, "en", "du").text == "you"
    french = choose_text(texts, "fr", "sie")
    assert (french.text, french.is_fitting) == ("you", False)
    assert choose_text({"de": "Sie"}, "de", "du").is_fitting is False
    assert (key_for("de", "du"), key_for("en", "du")) == ("de@informal", "en")


def test_what_is_not_known_is_marked_and_cannot_be_sent() -> None:
    filled = fill_text("Guten Tag {name}, Ihre {number} …", {"name": "Eva {number}"}, NAMES)
    assert filled.text == "Guten Tag Eva {number}, Ihre ⟨Nummer⟩ …"
    assert filled.gaps == ("number",)
    with pytest.raises(GapLeft):
        refuse_gaps(filled.text)
    refuse_gaps("3 < 4 > 2, {name}, <b>")


def test_what_was_written_for_somebody_gets_its_variables_back() -> None:
    known = {"name": "Eva Berg", "first_name": "Eva", "agent": "Mia", "number": "LH-2024-1", "company": "X"}
    written = "Hallo Eva, Frau Eva Berg! LH-2024-1 ist da. Mia von X, Evas Miami"
    assert (
        put_variables(written, known) == "Hallo {first_name}, Frau {name}! {number} ist da. {agent} von X, Evas Miami"
    )


def test_search_knows_umlauts_and_puts_the_shortcut_first() -> None:
    many = (
        view("versand", "Lieferzeit", "Das Päckchen ist unterwegs."),
        view("rueck", "Rücksendung", "Bitte schicken Sie es zurück.", uses=5),
        view("gruss", "Gruß", "Versand folgt.", uses=9),
    )
    assert found("/versand", *many) == ["versand", "gruss"]
    assert found("ruecksend", *many) == found("rücksend", *many) == ["rueck"]
    assert found("paeckchen", *many) == ["versand"]
    assert found("zuruck schick", *many) == ["rueck"]
    assert found("", *many) == ["gruss", "rueck", "versand"]
    assert found("nirgends", *many) == []


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        (ReplyDraft(shortcut="a b", title="x", texts={"de": "y"}), "reply_shortcut"),
        (ReplyDraft(shortcut="a", title=" ", texts={"de": "y"}), "reply_title"),
        (ReplyDraft(shortcut="a", title="x", texts={"de": " "}), "reply_text"),
        (ReplyDraft(shortcut="a", title="x", texts={"xx": "y"}), "reply_text"),
        (ReplyDraft(shortcut="a", title="x", texts={"de": "{nmae}"}), "reply_variable"),
    ],
)
def test_what_cannot_work_is_refused(entered: ReplyDraft, code: str) -> None:
    with pytest.raises(ReplyProblem) as refused:
        tidy_reply(entered)
    assert refused.value.code == code


def test_a_table_comes_back_as_it_went_and_formulas_stay_words() -> None:
    reply = view("summe", "=1+1", "Zeile 1\nZeile „2“; fertig")
    table = write_table([reply], ";").encode()
    assert b"'=1+1" in table
    [again] = read_table(table, {}).drafts
    assert (again.shortcut, again.title, again.texts) == ("summe", "=1+1", {"de": "Zeile 1\nZeile „2“; fertig"})


def test_every_row_that_is_wrong_is_named() -> None:
    table = 'shortcut,title,team,de\na,A,,Text\nb b,B,,Text\nc,C,Nirgends,Text\na,A,,"Noch einer"\n'
    assert [(one.row, one.code) for one in read_table(table.encode(), {"t1": "Versand"}).problems] == [
        (3, "reply_shortcut"),
        (4, "reply_team"),
        (5, "reply_shortcut_twice"),
    ]
    [draft] = read_table(b"shortcut;title;team;de\na;A;versand;Text\n", {"t1": "Versand"}).drafts
    assert draft.team == "t1"
    assert read_table(b"\xff\xfe", {}).problems[0].code == "reply_file"
    assert read_table(b"name,text\n", {}).problems[0].code == "reply_head"
    assert read_table(b'shortcut,title\n"a', {}).problems[0].code == "reply_file"
