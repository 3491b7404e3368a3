"""Words of the audit page that are looked up by key."""

from collections.abc import Mapping

from i18n import N_

#: What is chosen to filter by: the beginning of an action.
KINDS = {
    "sign_in": N_("Sign-ins and failures"),
    "account": N_("Own accounts, second factors"),
    "agents": N_("People and roles"),
    "providers": N_("Providers that staff sign in with"),
    "keys": N_("Keys of programs"),
    "conversation.read": N_("Conversations read"),
    "conversation.unmask": N_("Personal data shown"),
    "export": N_("Exports"),
    "backup": N_("Backups"),
    "program.read": N_("Read by programs"),
    "privacy": N_("Persons: exports and erasures"),
    "articles": N_("Articles"),
    "handoff": N_("Rules of the handoff"),
    "teams": N_("Teams"),
    "channels": N_("Channels"),
    "audit": N_("This log"),
}

#: What an auditor asks after most; any other action is told by its kind.
ACTS = {
    "sign_in.password": N_("Signed in by password"),
    "sign_in.passkey": N_("Signed in with a passkey"),
    "sign_in.second_factor": N_("Signed in with a second factor"),
    "sign_in.provider": N_("Signed in with a provider"),
    "sign_in.invitation": N_("Followed an invitation"),
    "sign_in.failed": N_("Sign-in failed"),
    "account.passkeys.add": N_("Added a passkey"),
    "account.passkeys.remove": N_("Removed a passkey"),
    "agents.add": N_("Invited somebody"),
    "agents.role": N_("Changed a role"),
    "agents.deactivate": N_("Closed an account"),
    "keys.add": N_("Made a key"),
    "keys.rotate": N_("Renewed a key"),
    "keys.end": N_("Ended a key"),
    "conversation.read": N_("Read a conversation"),
    "conversation.unmask": N_("Had personal data shown"),
    "conversation.erase_words": N_("Removed the old words of an answer"),
    "conversations.block": N_("Blocked a contact"),
    "conversations.unblock": N_("Let a contact in again"),
    "privacy.search": N_("Looked for a person"),
    "privacy.people.export": N_("Handed out what is kept of a person"),
    "privacy.people.erase": N_("Erased a person"),
    "audit.retention": N_("Removed old entries"),
    "audit.export": N_("Took this log along"),
    "articles.export": N_("Took articles along"),
    "export.conversations": N_("Took a list of conversations along"),
    "export.dialogues": N_("Took along what was written"),
    "export.ratings": N_("Took ratings along"),
    "export.figures": N_("Took figures along"),
    "numbers.export": N_("Took figures along"),
    "replies.export": N_("Took canned replies along"),
    "conversations.transcript": N_("Took a conversation along"),
    "backup.take": N_("Took a backup"),
    "backup.keys": N_("Took the keys along"),
    "backup.prune": N_("Removed backups whose end has come"),
    "backup.restore": N_("Put a backup back"),
    "backup.restored": N_("Had open web chats start over"),
}


def act_name(action: str, names: Mapping[str, str]) -> str:
    """What an action is called, out of the translated `ACTS` and `KINDS`; "" when nothing there begins like it."""
    if name := names.get(action):
        return name
    begin = max((kind for kind in names if f"{action}.".startswith(f"{kind}.")), key=len, default="")
    return names.get(begin, "")
