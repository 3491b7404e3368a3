"""Word by python-docx, PDF by fpdf2, pages as site builders write them, plain text."""

import io
import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from tests.foreign_files.sentences import ENGLISH, GERMAN, Pair


def _point() -> bytes:
    """The smallest picture there is."""
    from PIL import Image

    raw = io.BytesIO()
    Image.new("RGB", (1, 1)).save(raw, "PNG")
    return raw.getvalue()


POINT = _point()


def sections(pairs: Iterable[Pair]) -> list[tuple[str, list[Pair]]]:
    """The pairs by section."""
    return [(name, list(group)) for name, group in groupby(pairs, key=lambda pair: pair.section)]


def word_with_headings() -> bytes:
    """Title, sections and questions by their styles; a list, a picture, a link's words."""
    import docx

    document = docx.Document()
    document.add_heading("Häufige Fragen", 0)
    document.add_paragraph("Alles über unsere Werkstatt.")
    for name, pairs in sections(GERMAN):
        document.add_heading(name, 1)
        for pair in pairs:
            document.add_heading(pair.question, 2)
            document.add_paragraph(pair.answer)
    document.add_paragraph("Helm", style="List Bullet")
    document.add_paragraph("Schloss", style="List Bullet")
    document.add_picture(io.BytesIO(POINT))
    return _saved(document)


def word_with_bold_lines() -> bytes:
    """No styles: questions are bold lines."""
    import docx

    document = docx.Document()
    for pair in GERMAN:
        document.add_paragraph().add_run(pair.question).bold = True
        document.add_paragraph(pair.answer)
    return _saved(document)


def word_with_a_table() -> bytes:
    """A table of two columns."""
    import docx

    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Frage", "Antwort"
    for pair in GERMAN:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = pair.question, pair.answer
    return _saved(document)


def open_text() -> bytes:
    """LibreOffice Writer: sections as headings, questions as bold words."""
    from odf import style, text
    from odf.opendocument import OpenDocumentText

    document = OpenDocumentText()
    bold = style.Style(name="T1", family="text")
    bold.addElement(style.TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    for name, pairs in sections(GERMAN):
        document.text.addElement(text.H(outlinelevel=1, text=name))
        for pair in pairs:
            question = text.P()
            question.addElement(text.Span(stylename=bold, text=pair.question))
            document.text.addElement(question)
            document.text.addElement(text.P(text=pair.answer))
    raw = io.BytesIO()
    document.write(raw)
    return raw.getvalue()


def pdf_with_sizes() -> bytes:
    """Headings larger than the text, page numbers at the foot, questions over two lines."""
    from fpdf import FPDF

    class Pages(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("Helvetica", size=9)
            self.cell(0, 10, f"Radwerk – Seite {self.page_no()}".replace("–", "-"), align="C")

    pdf = Pages()
    pdf.add_page()
    _write(pdf, "Häufige Fragen", 22, "B")
    for name, pairs in sections(GERMAN):
        _write(pdf, name, 16, "B")
        for pair in pairs:
            _write(pdf, pair.question, 13, "B")
            _write(pdf, pair.answer.replace("€", "Euro"), 11)
        pdf.add_page()
    return bytes(pdf.output())


def pdf_with_bold_questions() -> bytes:
    """Everything of one size, questions bold."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    for pair in ENGLISH:
        _write(pdf, pair.question, 11, "B")
        _write(pdf, pair.answer.replace("€", "EUR"), 11)
    return bytes(pdf.output())


def scanned_pdf() -> bytes:
    """A page that is a picture."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.image(io.BytesIO(POINT), x=10, y=10, w=100)
    return bytes(pdf.output())


def accordion_page() -> bytes:
    """A company's page: menu, questions behind buttons that control a panel, a footer."""
    items = "".join(
        f"""<div class="item"><h3><button type="button" aria-expanded="false" aria-controls="p{number}">
        <span>{pair.question}</span><svg><title>plus</title></svg></button></h3>
        <div id="p{number}" role="region" hidden><p>{pair.answer}</p></div></div>"""
        for number, pair in enumerate(GERMAN)
    )
    return _page("de", "FAQ | Radwerk", f"<h1>FAQ</h1><p>Hier antworten wir.</p><div class=accordion>{items}</div>")


def details_page() -> bytes:
    """Questions as details and summary, under their sections, with a picture of the site."""
    body = "".join(
        f"<section><h2>{name}</h2>"
        + "".join(
            f"<details><summary>{pair.question}</summary><div><p>{pair.answer}</p></div></details>" for pair in pairs
        )
        + "</section>"
        for name, pairs in sections(ENGLISH)
    )
    return _page("en", "Questions", f"<h1>Questions</h1><img src='/img/wheel.png' alt='A wheel'>{body}")


def bootstrap_page() -> bytes:
    """Bootstrap's accordion: a button with data-bs-target."""
    items = "".join(
        f"""<div class="accordion-item"><h2 class="accordion-header">
        <button class="accordion-button collapsed" type="button" data-bs-toggle="collapse" data-bs-target="#c{number}">
        {pair.question}</button></h2>
        <div id="c{number}" class="accordion-collapse collapse">
        <div class="accordion-body">{pair.answer}</div></div></div>"""
        for number, pair in enumerate(GERMAN)
    )
    return _page("de", "Hilfe", f'<h1>Hilfe</h1><div class="accordion">{items}</div>')


def class_page() -> bytes:
    """A site builder's: nothing but classes says what is what."""
    items = "".join(
        f'<div class="faq-item"><div class="faq-question">{pair.question}</div>'
        f'<div class="faq-answer"><p>{pair.answer}</p></div></div>'
        for pair in GERMAN
    )
    return _page("de", "Fragen", f"<h1>Fragen</h1>{items}")


def term_list_page() -> bytes:
    """A list of terms."""
    items = "".join(f"<dt>{pair.question}</dt><dd>{pair.answer}</dd>" for pair in GERMAN)
    return _page("de", "Fragen", f"<h1>Fragen</h1><dl>{items}</dl>")


def heading_page() -> bytes:
    """Headings that ask, text below them."""
    body = "".join(
        f"<h2>{name}</h2>" + "".join(f"<h3>{pair.question}</h3><p>{pair.answer}</p>" for pair in pairs)
        for name, pairs in sections(GERMAN)
    )
    return _page("de", "Gut zu wissen", f"<h1>Gut zu wissen</h1>{body}")


def declared_page() -> bytes:
    """schema.org's FAQPage as JSON-LD."""
    questions = [
        {
            "@type": "Question",
            "name": pair.question,
            "acceptedAnswer": {"@type": "Answer", "text": f"<p>{pair.answer}</p>"},
        }
        for pair in GERMAN
    ]
    declared = json.dumps({"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": questions})
    return _page("de", "FAQ", f'<script type="application/ld+json">{declared}</script><h1>FAQ</h1>')


def marked_text() -> bytes:
    """Notes of somebody: F: and A:."""
    return "\n\n".join(f"F: {pair.question}\nA: {pair.answer}" for pair in GERMAN).encode("cp1252")


def numbered_text() -> bytes:
    """A numbered list of questions in a text file, sections in capitals."""
    lines: list[str] = []
    number = 0
    for name, pairs in sections(GERMAN):
        lines += [name.upper(), ""]
        for pair in pairs:
            number += 1
            lines += [f"{number}. {pair.question}", f"   {pair.answer}", ""]
    return "\r\n".join(lines).encode()


def spelt_out_text() -> bytes:
    """Frage: and Antwort:, an answer over several lines."""
    return "\n".join(f"Frage: {pair.question}\nAntwort:\n{pair.answer}\n- Fragen Sie uns." for pair in GERMAN).encode()


def _page(language: str, title: str, body: str) -> bytes:
    menu = "<nav><a href='/'>Start</a> <a href='/faq'>FAQ</a></nav>"
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<script>track()</script><style>p{{}}</style></head><body>{menu}<main>{body}</main>"
        "<footer><p>Impressum</p></footer></body></html>"
    ).encode()


def _write(pdf: Any, text: str, size: int, style: str = "") -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def _saved(document: Any) -> bytes:
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()
