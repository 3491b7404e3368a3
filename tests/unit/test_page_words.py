"""What scripts and templates look up by key is there: a missing key would show itself instead of a word."""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpdesk.handoff.rules.table import SPECS
from helpdesk.web.admin.handoff.words import THRESHOLDS
from helpdesk.web.shared.words import AVAILABILITY, CHANNELS, PALETTE, TRIGGERS
from store.triggers import TriggerKind

WEB = Path(__file__).resolve().parents[2] / "helpdesk" / "web"
FEATURES = sorted(path.parent for path in WEB.rglob("words.py") if path.parent.name != "shared")
#: What a page gets beside its tables, by the routes that make it: names of languages, the decimal point.
ADDED = {
    "desk": {"desk_language_de", "desk_language_en"},
    "rewording": {"rewording_point"},
}
_SAID = re.compile(r"\bsay(?:Or)?\(\s*(?:\"(\w+)\"|`(\w+)\$\{)")
_COUNTED = re.compile(r"\bsayCount\(\s*\"(\w+)\"")
_LOOKED_UP = re.compile(r"\btexts(?:\.get\(|\[)[\"'](\w+)[\"'] ~")


def table_of(feature: Path, table: str) -> Mapping[str, object]:
    name = ".".join((*feature.relative_to(WEB.parents[1]).parts, "words"))
    found: Mapping[str, object] = getattr(importlib.import_module(name), table, {})
    return found


def keys_of(feature: Path) -> set[str]:
    """Every key that the page of a feature has a word without a count for."""
    return {*table_of(feature, "WORDS"), *TRIGGERS, *CHANNELS, *AVAILABILITY, *PALETTE, *ADDED.get(feature.name, ())}


def read(feature: Path, pattern: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(feature.glob(pattern)))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_word_that_a_script_says_is_given_to_its_page(feature: Path) -> None:
    keys = keys_of(feature)
    said = _SAID.findall(read(feature, "*.js"))
    assert [whole for whole, _ in said if whole and whole not in keys] == []
    assert [start for _, start in said if start and not any(key.startswith(start) for key in keys)] == []


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_what_a_script_says_of_a_number_of_things_is_what_its_page_has_plurals_for(feature: Path) -> None:
    assert set(_COUNTED.findall(read(feature, "*.js"))) == set(table_of(feature, "COUNTS"))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_word_that_a_template_looks_up_is_given_to_its_page(feature: Path) -> None:
    keys = keys_of(feature)
    starts = _LOOKED_UP.findall(read(feature, "*.html"))
    assert [start for start in starts if not any(key.startswith(start) for key in keys)] == []


def test_words_are_looked_up_at_all() -> None:
    scripts = "".join(read(feature, "*.js") for feature in FEATURES)
    assert len(_SAID.findall(scripts)) > 100
    assert len(_COUNTED.findall(scripts)) >= 7


def test_every_rule_and_every_reason_has_its_words() -> None:
    thresholds = {f"{spec.kind}_{threshold.name}" for spec in SPECS for threshold in spec.thresholds}
    assert thresholds == THRESHOLDS.keys()
    assert {f"trigger_{kind}" for kind in TriggerKind} == TRIGGERS.keys()
