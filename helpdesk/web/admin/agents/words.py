"""Words of the page of the agents that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "agents_role_agent": N_("Agent"),
    "agents_role_admin": N_("Admin"),
    "agents_role_agent_hint": N_("answers customers"),
    "agents_role_admin_hint": N_("also looks after articles and team"),
    "agents_work_title": N_("What {name} takes"),
    "agents_account_active": N_("active"),
    "agents_account_invited": N_("invited"),
    "agents_account_closed": N_("closed"),
}
