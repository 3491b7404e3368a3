"""Quiet hints on how an answer reads, for whoever writes it. Our own rules and word lists, German and English."""

from knowledge.hints.check import check_wording
from knowledge.hints.hint import WordingHint, WordingRule

__all__ = ["WordingHint", "WordingRule", "check_wording"]
