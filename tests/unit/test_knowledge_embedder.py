"""Three models side by side: what is compared, and what the bot gets of it."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import String

from knowledge.search.embedder import (
    DIMENSIONS,
    E5_DIMENSIONS,
    ENGLISH_DIMENSIONS,
    SHARED_DIMENSIONS,
    USE_DIMENSIONS,
    MultilingualE5,
    MultilingualUse,
    ThreeModels,
    Vectors,
    e5_alone,
    side_by_side,
)
from knowledge.search.vector_space import fit_space, plain_space
from store.models import Embedding

ENGLISH = slice(SHARED_DIMENSIONS, DIMENSIONS)


def _unit(rows: int, dimensions: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimensions)).astype(np.float32)
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def _texts(rows: int, *, english: float) -> Vectors:
    """Texts of no meaning; the last ones, a share of `english`, are English, and e5 differs little, as it does."""
    narrow = _unit(rows, E5_DIMENSIONS, 1) * np.float32(0.1)
    narrow[:, 0] += 1
    third = _unit(rows, ENGLISH_DIMENSIONS, 3)
    third[: round(rows * (1 - english))] = 0
    return side_by_side(narrow, _unit(rows, USE_DIMENSIONS, 2), third)


def test_a_mapped_table_gives_the_same_vectors_and_a_broken_one_is_made_anew(tmp_path: Path) -> None:
    texts = ["Wo ist mein Paket?", "where is my parcel 😂😂", "", "Straße ¼ ①"]
    plain = MultilingualUse().embed(texts)

    first, again = MultilingualUse(tmp_path), MultilingualUse(tmp_path)
    kept = sorted((tmp_path / "models").iterdir())
    np.testing.assert_array_equal(first.embed(texts), plain)
    np.testing.assert_array_equal(again.embed(texts), plain)
    assert len(kept) == 2

    for file in kept:
        file.write_bytes(file.read_bytes()[:1000])
    np.testing.assert_array_equal(MultilingualUse(tmp_path).embed(texts), plain)
    assert all(file.stat().st_size > 1000 for file in kept)


def test_a_folder_that_cannot_be_written_costs_memory_alone(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    assert MultilingualUse(tmp_path).embed(["Wo ist mein Paket?"]).any()


def test_a_product_is_the_mean_of_both_shared_cosines_and_e5_can_be_had_alone() -> None:
    e5, use, german = _unit(5, E5_DIMENSIONS, 1), _unit(5, USE_DIMENSIONS, 2), np.zeros((5, ENGLISH_DIMENSIONS), "f4")
    together = side_by_side(e5, use, german)
    np.testing.assert_allclose(together @ together.T, (e5 @ e5.T + use @ use.T) / 2, atol=1e-6)
    np.testing.assert_allclose(e5_alone(together), e5, atol=1e-6)
    assert not e5_alone(np.zeros(DIMENSIONS, np.float32)).any()


def test_before_a_space_is_fitted_cosines_are_those_of_e5() -> None:
    e5 = _unit(5, E5_DIMENSIONS, 1)
    vectors = side_by_side(e5, _unit(5, USE_DIMENSIONS, 2), _unit(5, ENGLISH_DIMENSIONS, 3))
    np.testing.assert_allclose(plain_space().place(vectors), e5, atol=1e-6)
    np.testing.assert_allclose(plain_space().place_shared(vectors), e5, atol=1e-6)
    assert plain_space().is_plain


@pytest.mark.parametrize(("english", "counts"), [(0.5, 1), (0.75, 1.5), (1, 2)])
def test_models_count_alike_and_the_english_one_for_both_where_all_is_english(english: float, counts: float) -> None:
    vectors = _texts(400, english=english)
    space = fit_space(vectors)
    moved = (vectors - space.centre) @ space.stretch
    half = space.shared // 2
    e5, use = ((moved[:, part] ** 2).sum(axis=1).mean() for part in (slice(0, half), slice(half, space.shared)))
    third = (moved[vectors[:, ENGLISH].any(axis=1), space.shared :] ** 2).sum(axis=1).mean()
    assert e5 == pytest.approx(use, rel=0.01)
    assert third == pytest.approx(counts * use, rel=0.01)
    assert not space.is_plain


def test_what_is_not_english_has_nothing_of_the_english_model_and_still_length_one() -> None:
    vectors = _texts(200, english=0.5)
    space = fit_space(vectors)
    placed = space.place(vectors)
    assert not placed[:100, space.shared :].any()
    assert placed[100:, space.shared :].any(axis=1).all()
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)
    assert space.place_shared(vectors).shape == (200, space.shared)


def test_a_handful_of_english_texts_is_no_reason_for_english_directions() -> None:
    vectors = _texts(200, english=0.2)
    space = fit_space(vectors)
    assert space.stretch.shape == (DIMENSIONS, space.shared)
    assert space.place(vectors).shape == (200, space.shared)


@pytest.mark.slow
def test_the_models_agree_on_what_is_alike_in_two_languages(three_models: ThreeModels) -> None:
    german, english, other = three_models.embed_queries(["Wo ist mein Paket?", "Where is my parcel?", "Mag ich Pilze?"])
    for part in (slice(0, E5_DIMENSIONS), slice(E5_DIMENSIONS, SHARED_DIMENSIONS)):
        assert german[part] @ english[part] > german[part] @ other[part]
    assert np.linalg.norm(german) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(e5_alone(german), MultilingualE5().embed_queries(["Wo ist mein Paket?"])[0], atol=1e-4)
    assert three_models.embed_queries([]).shape == (0, DIMENSIONS)


@pytest.mark.slow
def test_the_names_of_the_models_fit_into_the_table_of_vectors(three_models: ThreeModels) -> None:
    """PostgreSQL refuses a longer one, and with it every vector; SQLite doesn't mind."""
    column = Embedding.__table__.c.model.type
    assert isinstance(column, String)
    assert all(len(name) <= (column.length or 0) for name in (three_models.name, MultilingualE5().name))


def test_the_english_model_hears_english_only_and_the_same_alone_and_in_company(three_models: ThreeModels) -> None:
    texts = [
        "Wo ist mein Paket?",
        "Where is my parcel?",
        "My package has not arrived, where can it be?",
        "I like mushrooms.",
    ]
    german, parcel, package, mushrooms = three_models.embed_queries(texts)[:, ENGLISH] * np.float32(np.sqrt(2))
    assert not german.any()
    assert parcel @ package > 0.6 > 0.3 > parcel @ mushrooms
    (alone,) = three_models.embed_queries([texts[1]])[:, ENGLISH] * np.float32(np.sqrt(2))
    np.testing.assert_array_equal(alone, parcel)
