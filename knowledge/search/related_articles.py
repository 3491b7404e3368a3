"""Which articles belong together, for "see also"."""

import numpy as np

from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry

_MAX_RELATED = 3
_ALIKE = 0.35
_SAME_CATEGORY = 0.15


def find_related(snapshot: Snapshot, key: str) -> tuple[IndexEntry, ...]:
    """At most three articles on the same matter: alike in meaning, with a little preference for the same category."""
    mine, snapshot = snapshot.by_key[key], snapshot.around(key)
    column = snapshot.columns[key]
    alike = snapshot.centres @ snapshot.centres[column]
    if mine.content.category:
        alike = alike + _SAME_CATEGORY * np.array(
            [e.content.category == mine.content.category for e in snapshot.entries]
        )
    order = np.argsort(-alike, kind="stable").tolist()
    chosen = [other for other in order if other != column and alike[other] >= _ALIKE][:_MAX_RELATED]
    return tuple(snapshot.entries[other] for other in chosen)
