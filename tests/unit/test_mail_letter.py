"""How a mail reads, with and without HTML."""

from helpdesk.mail.letter import Letter, LetterLink, QuotedLine, render_letter, render_markdown
from helpdesk.mail.plain_text import to_plain_text


def test_markdown_reads_well_without_html() -> None:
    text = to_plain_text(
        "### Rückgabe\n\n**30 Tage**, siehe [die Seite](https://example.com/r).\nNeue Zeile\n\n- eins\n- zwei\n"
        "  - drin\n\n"
        "3. drei\n4. vier\n\n> Zitat\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<https://example.com/x> `code`"
    )
    assert text.splitlines() == [
        "Rückgabe",
        "",
        "30 Tage, siehe die Seite (https://example.com/r).",
        "Neue Zeile",
        "",
        "• eins",
        "• zwei",
        "  • drin",
        "",
        "3. drei",
        "4. vier",
        "",
        "> Zitat",
        "",
        "a  b",
        "1  2",
        "",
        "https://example.com/x code",
    ]


def test_nothing_in_a_mail_is_markup_of_somebody_else() -> None:
    evil = '<script>x</script> [a](javascript:x) <img src=x onerror="x">'
    letter = Letter(
        language="de",
        body=evil,
        preview=evil,
        closing=evil,
        quote_title=evil,
        quote=(QuotedLine(name=evil, text=evil),),
        small=(evil,),
    )
    html = render_letter(letter).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_letter_has_everything_in_both_forms() -> None:
    letter = Letter(
        language="en",
        body="Hello **Anna**",
        action=LetterLink(label="Answer here", url="https://example.com/c/1?a=1&b=2"),
        closing="Kind regards",
        quote_title="Before that:",
        quote=(QuotedLine(name="You", text="Where is it?\nI wait"),),
        small=("You asked us.",),
        unsubscribe=LetterLink(label="No more mails", url="https://example.com/stop"),
    )
    body = render_letter(letter)
    assert body.text == (
        "Hello Anna\n\nAnswer here:\nhttps://example.com/c/1?a=1&b=2\n\nKind regards\n\nBefore that:\n> You:\n"
        "> Where is it?\n> I wait\n\n-- \nYou asked us.\nNo more mails: https://example.com/stop\n"
    )
    for words in ("<strong>Anna</strong>", "a=1&amp;b=2", "Kind regards", "Where is it?", "You asked us.", 'lang="en"'):
        assert words in body.html


def test_a_mail_of_markdown_alone() -> None:
    body = render_markdown("**yes**", "de")
    assert body.text == "yes\n"
    assert "<strong>yes</strong>" in body.html
