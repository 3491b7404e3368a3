"""What is recognised in a message by its form alone: order numbers, addresses, dates, amounts, names. Pure.

Helpdesk takes it out before it looks for a question, the bot keeps it as entities; so both read it here. Python 3.10
and python-stdnum.
"""

from identifiers.identifier import Identifier
from identifiers.recognition import find_identifiers
from identifiers.remainder import is_nothing_else, without_identifiers

__all__ = ["Identifier", "find_identifiers", "is_nothing_else", "without_identifiers"]
