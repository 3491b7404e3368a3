"""Quiet hints on how an answer reads, for whoever writes it. Our own rules and word lists, German and English."""

from knowledge.wording.check import check_wording
from knowledge.wording.hints import Hint, Rule

__all__ = ["Hint", "Rule", "check_wording"]
