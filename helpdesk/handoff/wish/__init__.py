"""Whether somebody asks for a person, by words and meaning: in German and English, with typos and dialect."""

from helpdesk.handoff.wish.denial import declines_person
from helpdesk.handoff.wish.detector import Wish, WishKind, find_wish

__all__ = ["Wish", "WishKind", "declines_person", "find_wish"]
