"""Outgoing webhooks: who is told what, signed calls, repeats, and a log of them."""
