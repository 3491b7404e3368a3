"""`staffel handoff summarise`: one line out for each line in."""

import json

from click.testing import CliRunner

from helpdesk.host.cli.handoff import handoff

TURNS = [
    {"author": "contact", "text": "Hallo, mein Paket 4711 kam nicht an. Erreichbar unter ida@example.org."},
    {"author": "agent", "text": "Wir melden uns bis Freitag bei Ihnen."},
    {"author": "contact", "text": "Das ist jetzt das dritte Mal, dass Sie mich vertrösten! Unverschämt!!!"},
]


def summarise(*lines: object, options: tuple[str, ...] = ()) -> list[dict[str, object]]:
    result = CliRunner().invoke(
        handoff, ["summarise", *options], input="".join(f"{json.dumps(line)}\n" for line in lines)
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


def told(written: dict[str, object]) -> dict[str, tuple[str, list[int]]]:
    lines = written["lines"]
    assert isinstance(lines, list)
    return {line["label"]: (line["text"], line["turns"]) for line in lines}


def test_a_dialogue_is_summarised_in_its_own_language_with_its_mood() -> None:
    [written] = summarise({"id": "d1", "turns": TURNS})

    assert (written["id"], written["language"]) == ("d1", "de")
    assert str(written["text"]).startswith("Anliegen: „mein Paket 4711 kam nicht an.")
    lines = told(written)
    assert lines["known"] == ("Paket 4711 · E-Mail: ida@example.org", [0])
    assert lines["promised"] == ("„Wir melden uns bis Freitag bei Ihnen.“ (Team)", [1])
    assert lines["mood"][0].startswith("erst ruhig, dann ")


def test_the_reader_may_speak_another_language_and_need_no_personal_data() -> None:
    [written] = summarise({"id": 7, "language": "de", "turns": TURNS}, options=("--reader", "en", "--masked"))

    assert (written["id"], written["language"]) == (7, "en")
    assert told(written)["known"] == ("Shipment: Paket 4711 · E-mail: i•••@example.org", [0])
    assert told(written)["language"] == ("German", [0])
    assert "ida@" not in json.dumps(written)


def test_a_line_that_is_no_dialogue_gets_an_error_in_its_place() -> None:
    bad, good = summarise({"id": "x", "turns": "none"}, {"id": "y", "turns": []})

    assert "turns" in str(bad["error"])
    assert good == {"id": "y", "language": "en", "text": "", "lines": []}
