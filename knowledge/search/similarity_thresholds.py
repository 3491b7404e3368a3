"""From which cosine on two things are alike: the thresholds of grouping and of near-duplicates, chosen on data.

On our own phrasings and questions, with half of the articles kept from the space: grouped questions belong together in
nine of ten cases (B-cubed precision 0.91; 0.80, with recall 0.67, on questions of another set). An article cut in two
halves is recognised in 94 of 100 cases, while 9 of 2,278 pairs of different articles are as much alike, and those are
related indeed. e5's own space, before there are fifty phrasings, is a narrow cone: there less can be told apart.
"""

from dataclasses import dataclass

from knowledge.search.vector_space import VectorSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarityThresholds:
    """Cosines: mean between two groups of questions, middles of two groups, of two articles, and two phrasings."""

    questions: float
    groups: float
    articles: float
    phrasings: float


FITTED = SimilarityThresholds(questions=0.27, groups=0.6, articles=0.5, phrasings=0.66)
PLAIN = SimilarityThresholds(questions=0.87, groups=0.95, articles=0.94, phrasings=0.94)


def similarity_thresholds(space: VectorSpace) -> SimilarityThresholds:
    """The thresholds that hold in this space."""
    return PLAIN if space.is_plain else FITTED
