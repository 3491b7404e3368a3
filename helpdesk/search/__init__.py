"""The desk's search: which words a conversation is found by, what a query asks for, and what it finds.

The index is kept by triggers of the database, in the transaction that writes a line or a contact, and so is taken out
of it what is changed, withdrawn or erased.
"""

from helpdesk.search import indexing as _indexing  # noqa: F401 - every writer of lines has their words indexed
from helpdesk.search.found_lines import FoundLine, Part, load_found_lines
from helpdesk.search.matching import MAX_LISTED, Matches, load_matches
from helpdesk.search.query import Query, Term, read_query

__all__ = [
    "MAX_LISTED",
    "FoundLine",
    "Matches",
    "Part",
    "Query",
    "Term",
    "load_found_lines",
    "load_matches",
    "read_query",
]
