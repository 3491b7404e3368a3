"""From one snapshot to the next, as far as possible out of what is there already. Pure; run it in a thread.

Up to a thousand articles every question is compared with every phrasing. Above, a finder names candidates first: its
base costs seconds, so an edit only adds to what is newer than the base, until that is worth merging.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.search.coarse_finder import CoarseFinder, CoarseIndex, build_base
from knowledge.search.index import CandidateFinder, Snapshot, build_snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.learning import LearnedModel, measure_effort
from knowledge.search.vector_space import SpaceTexts, VectorSpace, fit_space

EXACT_UP_TO = 1_024
"""Articles that every question is compared with."""
MERGE_FROM = 1_024
"""Changed articles beside the base of a finder."""

_LEARN_UP_TO = 20_000_000  # rows times articles: some ten seconds on one core
_SAMPLE = 4_096
_ENOUGH_TO_LEARN = 8


def renew_snapshot(
    before: Snapshot, entries: Mapping[str, IndexEntry], *, revision: int, changed: Collection[str] | None = None
) -> Snapshot:
    """The snapshot of `entries`, in the space and with the head of the snapshot before.

    `changed` names all that may be otherwise than before, where that is known: among very many articles, an edit then
    costs what it changes. The head loses what it has learnt of articles from which phrasings were taken away: what an
    admin takes back must not be answered until the head is trained anew.
    """
    head = before.head and before.head.without(_shortened(before, entries, changed))
    learnt = LearnedModel(space=_space(before, entries), head=head, calibration=before.calibration)
    return _assemble(before, entries, revision, learnt, changed=changed)


def _shortened(before: Snapshot, entries: Mapping[str, IndexEntry], changed: Collection[str] | None = None) -> set[str]:
    keys = entries if changed is None else [key for key in changed if key in entries]
    pairs = ((key, before.by_key.get(key), entries[key]) for key in keys)
    return {key for key, old, new in pairs if old and old is not new and not {*old.phrasings} <= {*new.phrasings}}


def apply_model(snapshot: Snapshot, learnt: LearnedModel, *, since: Snapshot | None = None) -> Snapshot:
    """The same articles with what has been learnt. A finder goes on looking in the space that it was made in.

    `since` is what it was learnt from: what has been taken away meanwhile is forgotten here too.
    """
    if since is not None and learnt.head is not None:
        learnt = replace(learnt, head=learnt.head.without(_shortened(since, snapshot.by_key)))
    return _assemble(snapshot, snapshot.by_key, snapshot.revision, learnt)


def build_merged_base(snapshot: Snapshot) -> CoarseIndex:
    """A base of everything that is there now; seconds for many articles."""
    return build_base(snapshot.by_key, snapshot.space)


def rebase(snapshot: Snapshot, base: CoarseIndex) -> Snapshot:
    """The same articles over another base; what has changed since that was begun stands beside it."""
    learnt = LearnedModel(space=snapshot.space, head=snapshot.head, calibration=snapshot.calibration)
    return _assemble(snapshot, snapshot.by_key, snapshot.revision, learnt, base)


def is_crowded(snapshot: Snapshot) -> bool:
    """Whether so much has changed since the base that it is worth merging."""
    return isinstance(snapshot.finder, CoarseFinder) and len(snapshot.finder.newer.entries) > MERGE_FROM


def choose_lesson(snapshot: Snapshot) -> Snapshot | None:
    """Everything, or of very much what teaches most, so that time and memory stay bounded; `None`: nothing does.

    A head needs several phrasings an article; where even those are too many, the articles with the most are taken.
    """
    if measure_effort(snapshot.entries) <= _LEARN_UP_TO:
        return snapshot
    rich = sorted(snapshot.entries, key=lambda entry: -len(entry.phrasings))
    telling = [entry for entry in rich if len(entry.phrasings) >= _ENOUGH_TO_LEARN]
    while measure_effort(telling) > _LEARN_UP_TO:
        telling = telling[: len(telling) * 3 // 4]
    return snapshot.narrow(entry.key for entry in telling) if len(telling) > 1 else None


def learn_space(snapshot: Snapshot) -> LearnedModel:
    """The space alone, from a sample."""
    return LearnedModel(space=_fit_sample(snapshot.entries), head=None, calibration=snapshot.calibration)


def _assemble(
    before: Snapshot,
    entries: Mapping[str, IndexEntry],
    revision: int,
    learnt: LearnedModel,
    base: CoarseIndex | None = None,
    *,
    changed: Collection[str] | None = None,
) -> Snapshot:
    if len(entries) <= EXACT_UP_TO:
        return build_snapshot(
            entries.values(),
            revision=revision,
            space=learnt.space,
            head=learnt.head,
            calibration=learnt.calibration,
            before=before,
        )
    finder = _renew_finder(before.finder, entries, learnt.space, base, changed)
    snapshot = Snapshot(
        revision,
        tuple(entries.values()),
        learnt.space,
        learnt.head,
        learnt.calibration,
        finder=finder,
        rarity=finder.base.rarity,
        text_rarity=finder.base.text_rarity,
    )
    vars(snapshot)["by_key"] = entries
    if changed is not None:
        still = before.incomplete.difference(changed)
        vars(snapshot)["incomplete"] = still | {key for key in changed if key in entries and not entries[key].complete}
    return snapshot.prepare()


def _renew_finder(
    before: CandidateFinder | None,
    entries: Mapping[str, IndexEntry],
    space: VectorSpace,
    base: CoarseIndex | None,
    changed: Collection[str] | None,
) -> CoarseFinder:
    there = before if isinstance(before, CoarseFinder) else None
    if there and not base and changed is not None:
        looked_at: Iterable[str] = {*there.newer.keys, *changed}
    else:
        looked_at = entries
    base = base or (there.base if there else build_base(entries, space))
    newer = build_snapshot(
        [entries[key] for key in looked_at if key in entries and base.entries.get(key) is not entries[key]],
        revision=0,
        space=base.space,
        rarity=base.rarity,
        text_rarity=base.text_rarity,
        before=there.newer if there and there.base is base else None,
    )
    return CoarseFinder(base=base, newer=newer)


def _space(before: Snapshot, entries: Mapping[str, IndexEntry]) -> VectorSpace:
    """A head belongs to the space that it was trained in; while there is none, the space may follow the articles."""
    if before.head is not None or (before.finder is not None and before.space.centre.any()) or not entries:
        return before.space
    return _fit_sample(tuple(entries.values()))


def _fit_sample(entries: Sequence[IndexEntry]) -> VectorSpace:
    step = max(len(entries) // _SAMPLE, 1)
    phrasings = np.concatenate([entry.vectors for entry in entries[::step]]).astype(np.float32)
    passages = np.concatenate([entry.text.vectors for entry in entries[::step]]).astype(np.float32)
    return fit_space(phrasings, passages=SpaceTexts(vectors=passages))


def merge_entries(
    kept: Mapping[str, IndexEntry], made: Mapping[str, IndexEntry], gone: Collection[str]
) -> dict[str, IndexEntry]:
    """The articles that are there after a change, by key."""
    together = {**kept, **made}
    for key in gone:
        together.pop(key, None)
    return together
