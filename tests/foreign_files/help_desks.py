"""Articles as help desks and chat programs give them in JSON."""

import json
from typing import Any

from tests.foreign_files.sentences import ENGLISH, GERMAN


def zendesk() -> bytes:
    """The list of articles with its sections: one is for signed-in readers, one a draft."""
    articles: list[dict[str, Any]] = [
        {"id": number, "title": pair.question, "body": f"<p>{pair.answer}</p>", "locale": "de", "section_id": 9,
         "draft": False, "user_segment_id": None, "permission_group_id": 3, "outdated": False}
        for number, pair in enumerate(GERMAN, start=1)
    ]  # fmt: skip
    articles[1]["user_segment_id"], articles[2]["draft"] = 77, True
    return _json({"articles": articles, "sections": [{"id": 9, "name": "Werkstatt"}], "count": 5, "next_page": None})


def intercom() -> bytes:
    """The list of articles with translations; one is a draft."""
    data: list[dict[str, Any]] = [
        {"type": "article", "id": str(number), "title": en.question, "body": f"<p>{en.answer}</p>",
         "state": "published", "default_locale": "en", "translated_content": {"type": "article_translated_content",
         "de": {"title": de.question, "body": f"<p>{de.answer}</p>", "state": "published"}}}
        for number, (de, en) in enumerate(zip(GERMAN, ENGLISH, strict=True), start=1)
    ]  # fmt: skip
    data[4]["state"] = data[4]["translated_content"]["de"]["state"] = "draft"
    return _json({"type": "list", "total_count": 5, "data": data})


def freshdesk() -> bytes:
    """Categories with folders as an export has them; one folder is for agents."""

    def articles(first: int, last: int) -> list[dict[str, Any]]:
        return [
            {"id": number, "title": GERMAN[number].question, "description": f"<div>{GERMAN[number].answer}</div>",
             "description_text": GERMAN[number].answer, "status": 2 if number != 1 else 1, "type": 1}
            for number in range(first, last)
        ]  # fmt: skip

    folders = [
        {"id": 1, "name": "Werkstatt", "visibility": 1, "articles": articles(0, 3)},
        {"id": 2, "name": "Leihräder", "visibility": 3, "articles": articles(3, 5)},
    ]
    return _json([{"category": {"id": 1, "name": "Hilfe", "folders": folders}}])


def chatwoot() -> bytes:
    """A portal's articles."""
    payload = [
        {"id": number, "title": pair.question, "content": pair.answer, "status": "published" if number else "draft",
         "locale": "de", "category": {"id": 1, "name": pair.section, "locale": "de"}, "associated_article_id": None}
        for number, pair in enumerate(GERMAN)
    ]  # fmt: skip
    return _json({"payload": payload, "meta": {"all_articles_count": 5}})


def help_scout() -> bytes:
    """A collection's articles of Docs."""
    items = [
        {"id": f"5e{number}", "number": number, "collectionId": "c",
         "status": "published" if number else "notpublished", "name": pair.question,
         "text": f"<p>{pair.answer}</p>", "publicUrl": "https://docs.rad.example/1"}
        for number, pair in enumerate(ENGLISH)
    ]  # fmt: skip
    return _json({"articles": {"page": 1, "pages": 1, "count": 5, "items": items}})


def question_list() -> bytes:
    """A list of objects as somebody's program keeps it."""
    return _json([{"frage": pair.question, "antwort": pair.answer, "kategorie": pair.section} for pair in GERMAN])


def nested_list() -> bytes:
    """Questions in their categories, in short names."""
    sections = ("Workshop", "Rental")
    return _json(
        {"faqs": [
            {"category": name, "questions": [{"q": pair.question, "a": pair.answer} for pair in ENGLISH
                                             if pair.section == name]}
            for name in sections
        ]}
    )  # fmt: skip


def dictionary() -> bytes:
    """Questions as names."""
    return _json({pair.question: pair.answer for pair in GERMAN})


def json_lines() -> bytes:
    """An object a line, in both languages."""
    lines = [
        {"question": {"de": de.question, "en": en.question}, "answer": {"de": de.answer, "en": en.answer}}
        for de, en in zip(GERMAN, ENGLISH, strict=True)
    ]
    return b"\n".join(map(_json, lines))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
