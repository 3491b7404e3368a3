"""What customers ask in the measurement of throughput, and how its rows read."""

import json
from pathlib import Path

from benchmarks.customers import LoadFigures, ReplyTime
from benchmarks.throughput import CROWD, LoadRow, RecordedQuestions, load_questions, table


def test_no_two_questions_are_alike_and_lines_of_dialogues_are_among_them(tmp_path: Path) -> None:
    texts = ["Wo ist denn hier der Bahnhof?", "wo ist denn hier der bahnhof?", "hi", None]
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "trips.jsonl").write_text(json.dumps({"language": "de", "texts": texts}))

    asked = [question.text.casefold() for question in load_questions(tmp_path, ())]

    assert len(set(asked)) == len(asked) > 400
    assert "wo ist denn hier der bahnhof?" in asked
    assert "hi" not in asked


def test_what_was_asked_is_asked_again_without_the_last_which_may_lack_an_answer(tmp_path: Path) -> None:
    questions = load_questions(tmp_path, ())
    recorded = RecordedQuestions(questions)
    for _ in range(100):
        next(recorded)

    assert recorded.last(60) == questions[100 - CROWD - 60 : 100 - CROWD]


def test_a_row_shows_rate_ratio_times_and_processor_by_program() -> None:
    stock = LoadFigures(seconds=10, replies=[ReplyTime(seconds=0.08)] * 100, unanswered=0)
    ours = LoadFigures(seconds=10, replies=[ReplyTime(seconds=0.35, waited=0.25)] * 250, unanswered=1)
    rows = [
        LoadRow(program="Rasa's example", load="8 at once", figures=stock, processor={"Rasa": 7.0}),
        LoadRow(program="Staffel", load="8 at once", figures=ours, processor={"helpdesk": 10.0, "bot": 2.5}),
    ]

    assert table(rows).splitlines()[-1] == (
        "| Staffel | 8 at once | 25.0 | 2.50 | 350 / 350 ms | 100 / 100 ms | 50 ms (helpdesk 40, bot 10) | 1 |"
    )
