"""What each role may do: one table, which every route, list and notification asks."""

from collections.abc import Mapping
from enum import StrEnum

from store.models import Role


class Capability(StrEnum):
    """Something that a member of staff may do. Every route for staff names one."""

    OWN_ACCOUNT = "own_account"  # one's own password, sessions, second factor, notifications
    CONVERSATIONS = "conversations"  # read what the desk shows: lists, search, lines, files
    ANSWERS = "answers"  # take conversations, answer, write notes, promise, write down who somebody is
    BLOCKING = "blocking"  # block a contact and let them in again; it is logged
    UNMASKING = "unmasking"  # see personal data of a conversation that somebody else has; it is logged
    SUPERVISION = "supervision"  # see how the team does, share views with everybody, keep a colleague's promise
    FIGURES = "figures"  # the overview, the ratings and everybody's numbers
    DISTURBANCES = "disturbances"  # tell customers of known disturbances
    REPLIES = "replies"  # the canned replies of teams and of everybody
    MACROS = "macros"  # the macros of teams and of everybody
    ARTICLES = "articles"  # the knowledge base: articles, import, sites, gaps, what is learnt
    RULES = "rules"  # when and to whom conversations are passed on: handoff, teams, look-ups, rewording
    CHANNELS = "channels"  # what is connected: channels, webhooks, sign-ins of sites, alerts
    EXPORTS = "exports"  # take conversations and records out as files
    PRIVACY = "privacy"  # find, export and erase a person; what is kept how long
    ACCOUNTS = "accounts"  # who works here, and in which role
    KEYS = "keys"  # keys of programs
    AUDIT = "audit"  # who did what
    PRIVATE_TEAMS = "private_teams"  # read what private teams have without being a member


_EVERYBODY = frozenset({Capability.OWN_ACCOUNT})
_READER = _EVERYBODY | {Capability.CONVERSATIONS}
_AGENT = _READER | {Capability.ANSWERS, Capability.BLOCKING, Capability.UNMASKING}
_SUPERVISOR = _AGENT | {
    Capability.SUPERVISION,
    Capability.FIGURES,
    Capability.DISTURBANCES,
    Capability.REPLIES,
    Capability.MACROS,
}

#: The one table. An admin may do everything.
CAPABILITIES: Mapping[Role, frozenset[Capability]] = {
    Role.READER: _READER,
    Role.EDITOR: _EVERYBODY | {Capability.ARTICLES, Capability.REPLIES},
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Capability),
}

#: Where a role begins after signing in, the first that it may open.
_HOMES = ((Capability.CONVERSATIONS, "/desk"), (Capability.ARTICLES, "/admin/articles"))


def has_capability(role: Role, capability: Capability) -> bool:
    """Whether somebody in this role may do that."""
    return capability in CAPABILITIES[Role(role)]


def roles_with(capability: Capability) -> tuple[Role, ...]:
    """Every role that may do that, for conditions in SQL."""
    return tuple(role for role in Role if has_capability(role, capability))


def home_of(role: Role) -> str:
    """The page that a role begins with."""
    return next((path for capability, path in _HOMES if has_capability(role, capability)), "/account")
