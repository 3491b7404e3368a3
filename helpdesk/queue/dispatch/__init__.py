"""Offers in the database: who is asked to take whom, from the rules in `helpdesk.handoff.routing`."""

from helpdesk.queue.dispatch.dispatcher import Dispatcher

__all__ = ["Dispatcher"]
