"""Words of the page of keys that are looked up by key."""

from i18n import N_

WORDS = {
    "keys_scope_conversations": N_("conversations: who has them, how they stand"),
    "keys_scope_messages": N_("what was said, and answering"),
    "keys_scope_contacts": N_("who customers are: names, addresses, notes"),
    "keys_scope_handoff": N_("call a person, take, pass on, close"),
    "keys_scope_agents": N_("who works here"),
    "keys_scope_articles": N_("articles"),
    "keys_scope_events": N_("what happens, as it happens"),
    "keys_scope_analytics": N_("figures"),
}
