"""Words of the page of the agents that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "agents_role_reader": N_("Reader"),
    "agents_role_editor": N_("Editor"),
    "agents_role_agent": N_("Agent"),
    "agents_role_supervisor": N_("Supervisor"),
    "agents_role_admin": N_("Admin"),
    "agents_role_reader_hint": N_("reads conversations, personal data made unreadable, and changes nothing"),
    "agents_role_editor_hint": N_("looks after the articles; sees no conversations"),
    "agents_role_agent_hint": N_("answers customers"),
    "agents_role_supervisor_hint": N_("answers customers, and sees how the team is doing"),
    "agents_role_admin_hint": N_("may do everything: people, settings, keys, exports"),
    "agents_role_title": N_("The role of {name}"),
    "agents_work_title": N_("What {name} takes"),
    "agents_account_active": N_("active"),
    "agents_account_invited": N_("invited"),
    "agents_account_closed": N_("closed"),
}
