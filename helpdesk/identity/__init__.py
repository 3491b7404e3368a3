"""Customers whom the web site has signed in: what it may say of them, in which form, and with which keys."""

from helpdesk.identity.claims import IdentityRefused, Refusal, VerifiedCustomer

__all__ = ["IdentityRefused", "Refusal", "VerifiedCustomer"]
