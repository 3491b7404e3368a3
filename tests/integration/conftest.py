"""Fixtures for the tests that start a whole helpdesk in their own process."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies import models


@pytest.fixture(autouse=True)
def forget_the_app() -> Iterator[None]:
    """FastAPI remembers the endpoints of the last 4,096 routes, and with them every app of the run: gigabytes here."""
    yield
    for kept in vars(models).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
