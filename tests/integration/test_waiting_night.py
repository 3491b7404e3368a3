"""A night in the life of a waiting customer: nothing she writes meets silence, and the page says what happened."""

from pathlib import Path

from benchmarks.waiting_night import PAGE, play, silences
from knowledge.search.embedder import ThreeModels
from knowledge.search.vector_cache import CachedEmbedder


async def test_a_night_of_waiting_is_never_silent_and_told_as_it_was(
    tmp_path: Path, sqlite_url: str, three_models: ThreeModels
) -> None:
    page = await play(tmp_path, sqlite_url, CachedEmbedder(three_models))

    assert silences(page.splitlines()) == []
    assert page == PAGE.read_text(), "run `python -m benchmarks.waiting_night` to write docs/waiting-night.md anew"
