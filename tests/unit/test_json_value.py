"""JSON columns with typed values: what is stored, what comes back, and what older versions stored."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from connectors.contract import Author, Choice
from store.models import AskedQuestion, Base, Message, MessageKind, QuestionCandidate, Team

CANDIDATES = (QuestionCandidate("returns", 0.5), QuestionCandidate("refund", 0.25))
CHOICES = (Choice(title="Ja", payload="/yes"),)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def stored(session: Session, statement: str) -> object:
    """A column as it stands in the table."""
    session.flush()
    session.expire_all()
    return json.loads(session.execute(text(statement)).scalar_one())


def message(choices: tuple[Choice, ...] = ()) -> Message:
    kind, author = MessageKind.OUTGOING, Author.BOT
    return Message(conversation_id="c", seq=1, epoch=1, kind=kind, author=author, text="?", choices=choices)


def test_buttons_are_stored_as_objects(session: Session) -> None:
    line = message(CHOICES)
    session.add(line)

    assert stored(session, "SELECT choices FROM messages") == [{"title": "Ja", "payload": "/yes"}]
    assert line.choices == CHOICES


def test_candidates_are_stored_as_pairs(session: Session) -> None:
    asked = AskedQuestion(
        conversation_id="c", turn_id="t", seq=1, text="?", language="de", outcome="none", candidates=CANDIDATES
    )
    session.add(asked)

    assert stored(session, "SELECT candidates FROM asked_questions") == [["returns", 0.5], ["refund", 0.25]]
    assert asked.candidates == CANDIDATES


def test_another_value_is_noticed(session: Session) -> None:
    team = Team(name="Versand", topics=("a",))
    session.add(team)
    session.commit()
    team.topics = (*team.topics, "b")

    assert stored(session, "SELECT topics FROM teams") == ["a", "b"]
    assert team.topics == ("a", "b")
