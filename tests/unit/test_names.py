"""One word has one meaning: class names are unique, types are nouns, and the glossary has every noun that is stored."""

import re

import pytest

from benchmarks.house import ROOT
from benchmarks.source.revision import PRODUCT, load_working_tree, parse_modules
from benchmarks.source.vocabulary import class_places, participles, repeated
from store.models import Base

ROW = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
OWN_TYPE = re.compile(r"^[A-Z]\w*[a-z][A-Z]\w*$")
"""A noun that is written as a type is, such as `BotReply`."""

type Places = dict[str, list[str]]


@pytest.fixture(scope="module")
def places() -> Places:
    """Every class of the product, with the modules that define it."""
    return class_places(parse_modules(load_working_tree(ROOT), *PRODUCT))


def nouns() -> set[str]:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return {noun.strip() for row in ROW.findall(glossary) for noun in row.split(",")}


def test_no_two_classes_have_one_name(places: Places) -> None:
    assert len(places) > 500
    assert repeated(places) == {}


def test_no_type_is_a_participle(places: Places) -> None:
    assert [name for name in participles(places) if not name.startswith("_")] == []


def test_the_glossary_has_every_noun_that_is_stored() -> None:
    stored = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert stored - nouns() == set()


def test_the_glossary_names_no_type_that_is_gone(places: Places) -> None:
    assert {noun for noun in nouns() if OWN_TYPE.match(noun)} - places.keys() == set()
