"""Values that a sentence names, by kind: a country, a way of paying, a weekday, a date, a size, 20 kg. Pure.

Names come from the lists of the Unicode CLDR (babel) as far as it has them, in German, English and French.
"""

from knowledge.values.coverage import Coverage, coverage_of
from knowledge.values.mention import Mention, ValueKind
from knowledge.values.mentions import MentionList, find_mentions

__all__ = ["Coverage", "Mention", "MentionList", "ValueKind", "coverage_of", "find_mentions"]
