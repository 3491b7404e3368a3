"""Dashboard and alert rules ask for what /metrics serves, and the rules say what they are to say."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import Counter, Gauge, generate_latest

from helpdesk.observability import metrics
from tests.services import missing

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yaml"
NAME = re.compile(r"\b(?:staffel|process|python)_\w+")
SELECTED = re.compile(r"\b(staffel_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"by \(([^)]*)\) \(\w+\((staffel_\w+)")
TYPE = re.compile(r"^# TYPE (\w+) (\w+)$", re.MULTILINE)
#: What Prometheus itself knows of every target.
OF_THE_TARGET = {"job", "instance", "le"}


def rules() -> list[dict[str, str]]:
    [group] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads((DEPLOY / "grafana" / "staffel.json").read_text(encoding="utf-8"))["panels"])


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def served() -> set[str]:
    """Every name of a sample that /metrics can have."""
    names: set[str] = set()
    for name, kind in TYPE.findall(generate_latest().decode()):
        names |= {name} if kind != "histogram" else {f"{name}_{part}" for part in ("bucket", "sum", "count")}
    return names


def labels_of(name: str) -> set[str]:
    """The labels that a metric of ours has, by the name of its samples."""
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge) and metric._name == name.removesuffix("_total"):
            return set(metric._labelnames)
    return set()


def test_every_metric_that_is_asked_for_is_served() -> None:
    asked = {name for expression in expressions() for name in NAME.findall(expression)}
    assert len(asked) > 20
    assert asked - served() == set()


def test_every_label_that_is_asked_for_is_there() -> None:
    asked = {(name, label) for text in expressions() for name, label in asked_labels(text)}
    assert len(asked) > 10
    assert {(name, label) for name, label in asked if label not in labels_of(name) | OF_THE_TARGET} == set()


def asked_labels(expression: str) -> Iterator[tuple[str, str]]:
    for name, matchers in SELECTED.findall(expression):
        yield from ((name, label) for label in re.findall(r"(\w+)\s*(?:=|!)", matchers))
    for labels, name in GROUPED.findall(expression):
        yield from ((name, label) for label in labels.split(", "))


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {name for panel in panels() for target in panel["targets"] for name in NAME.findall(target["expr"])}
    ours = {
        name for name in served() if name.startswith("staffel_") and not name.endswith(("_sum", "_count", "_created"))
    }
    assert ours - shown == set()


def test_panels_do_not_lie_over_one_another() -> None:
    cells = [cell for panel in panels() for cell in cells_of(panel)]
    assert len(cells) == len(set(cells)) > 0


def cells_of(panel: dict[str, Any]) -> Iterator[tuple[int, int]]:
    place: dict[str, int] = panel["gridPos"]
    assert place["x"] + place["w"] <= 24
    yield from (
        (x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])
    )


def test_every_alert_is_explained() -> None:
    page = (DEPLOY.parent / "docs" / "observability.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules() if f"| `{rule['alert']}` |" not in page] == []


def test_the_rules_alarm_when_they_should_and_are_quiet_otherwise() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        missing("promtool", "Install it (Debian, Ubuntu: apt install prometheus).")
    folder = RULES.parent
    subprocess.run([promtool, "check", "rules", RULES.name], cwd=folder, check=True, capture_output=True)
    ran = subprocess.run(
        [promtool, "test", "rules", "alerts.test.yaml"], cwd=folder, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
