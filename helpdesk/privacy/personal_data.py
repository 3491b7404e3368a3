"""The table of everything that can be personal data. Export, erasure, retention, receipt and masking follow it.

Every table of the models has an entry, every column that can hold words (`can_hold_words`) is named in it, so that
nothing new is kept of somebody without an end, an export and an erasure. A table in which rows are a customer's:

    customers("drafts", N_("Drafts"), {"conversation_id": CONVERSATION}, copies="text", keys="lease_owner")

`words`, `copies`, `names`, `addresses`, `files`, `facts`, `keys` are the kinds of `DataKind`; the mapping says which
column holds whose the row is. `ends=EndDate(column="created_at", days=30)` where rows end before their conversation.
`copies` are words that stand in a line of the log, too: what takes them away when the customer deletes that line is
named in `COPIES` of tests/unit/test_personal_data.py. One without customers:

    others("tags", _SET_UP, "name color")
"""

from collections.abc import Mapping

from helpdesk.privacy.data_table import EndDate, TableEntry, Whose, customers, others
from i18n import N_
from store.settings import MAX_BACKUP_DAYS

CONTACT, CONVERSATION, PERSON, MESSAGE = Whose.CONTACT, Whose.CONVERSATION, Whose.PERSON, Whose.MESSAGE

_SET_UP = "what staff set up"
_KNOWLEDGE = "what the company publishes"
_STAFF = "members of staff"
_OPERATION = "the running of the programs"

_ENTRIES = (
    # --- who somebody is
    customers(
        "contacts", N_("Contact cards"), {"id": CONTACT, "person": PERSON},
        names="name", addresses="account external_id email phone", copies="search_text",
        words="blocked_reason", facts="time_zone campaign blocked_by", keys="id person",
    ),
    customers(
        "people", N_("People and notes about them"), {"id": PERSON},
        names="name", words="note", copies="search_text", keys="id",
    ),
    customers(
        "contact_merges", N_("Contacts that are one person"), {"person": PERSON},
        facts="reason", keys="id person moves blocked",
    ),
    customers(
        "identities", N_("What the web site says of somebody"), {"contact_id": CONTACT},
        names="name", addresses="customer_id email phone", words="attributes", copies="search_text",
    ),
    customers(
        "identity_tokens", N_("Sign-ins on the web site"), {"contact_id": CONTACT},
        ends=EndDate(column="expires_at"), exported=False, keys="token_hash browser key_id",
    ),
    customers(
        "contact_links", N_("Links to another channel"), {"contact_id": CONTACT},
        ends=EndDate(column="expires_at"), exported=False, keys="token_hash",
    ),
    customers(
        "visitor_tokens", N_("Browsers with a web chat"), {"conversation_id": CONVERSATION, "identity": CONTACT},
        ends=EndDate(column="expires_at"), exported=False, keys="token_hash identity browser",
    ),
    customers(
        "unmaskings", N_("Who has personal data shown"), {"conversation_id": CONVERSATION},
        ends=EndDate(column="until"), exported=False,
    ),
    # --- what was said
    customers(
        "conversations", N_("Conversations"), {"id": CONVERSATION, "contact_id": CONTACT},
        addresses="account chat_id thread", facts="language foreign_language formality last_article page", keys="id",
    ),
    customers(
        "conversation_numbers", N_("Numbers of conversations"), {"conversation_id": CONVERSATION},
        exported=False, erased_by="triggers of the database", copies="search_text", keys="conversation_id",
    ),
    customers(
        "messages", N_("Messages"), {"id": MESSAGE, "conversation_id": CONVERSATION},
        words="text data choices", names="author_name", copies="search_text", addresses="account external_id",
        facts="article payload", keys="id turn_id",
    ),
    customers(
        "attachments", N_("Files"), {"conversation_id": CONVERSATION, "message_id": MESSAGE},
        names="name", words="facts", facts="media_type", addresses="external_id", keys="id file_key reason",
    ),
    customers(
        "stored_files", N_("Contents of files"),
        {"key": Whose.FILE, "owner": Whose.LANE, "draft_of": CONVERSATION},
        ends=EndDate(column="erase_at"), exported=False, erased_by="helpdesk.files.attaching",
        names="name", files="thumbnail", addresses="owner", facts="media_type", keys="key draft_of",
    ),
    customers(
        "file_pieces", N_("Contents of files"), {"key": Whose.FILE},
        exported=False, erased_by="helpdesk.files.attaching", files="content",
    ),
    # --- what came of it
    customers(
        "turns", N_("Answers that were worked on"), {"conversation_id": CONVERSATION},
        exported=False, keys="id lease_owner reason",
    ),
    customers(
        "asked_questions", N_("Questions"), {"conversation_id": CONVERSATION},
        copies="text", facts="language outcome article candidates", keys="id turn_id",
    ),
    customers(
        "feedback", N_("Whether an answer helped"), {"conversation_id": CONVERSATION},
        facts="article", keys="id turn_id",
    ),
    customers(
        "ratings", N_("Ratings"), {"conversation_id": CONVERSATION}, facts="article", keys="id team_id",
    ),
    customers(
        "handoffs", N_("Requests for a person"), {"conversation_id": CONVERSATION},
        words="correction", copies="triggers decision summary wording", facts="topic language outcome told",
        keys="id team_id preferred_agent offered_to offered_because declined_by",
    ),
    customers(
        "follow_ups", N_("Questions on a later day"), {"conversation_id": CONVERSATION},
        words="text", facts="article", keys="id",
    ),
    customers(
        "translations", N_("Translations"), {"conversation_id": CONVERSATION},
        exported=False, copies="text", facts="language", keys="text_hash",
    ),
    customers(
        "promises", N_("Promises"), {"conversation_id": CONVERSATION}, words="text", keys="id",
    ),
    customers(
        "conversation_tags", N_("Tags of conversations"), {"conversation_id": CONVERSATION},
    ),
    customers(
        "notice_tellings", N_("Disturbances that were told"), {"conversation_id": CONVERSATION}, exported=False,
    ),
    customers(
        "agent_drafts", N_("What staff are writing to somebody"), {"conversation_id": CONVERSATION},
        ends=EndDate(column="changed_at", days=30), words="text", facts="mode", keys="id returned",
    ),
    customers(
        "mentions", N_("Notes that name a colleague"), {"conversation_id": CONVERSATION}, exported=False,
    ),
    customers(
        "held_actions", N_("Answers that can still be undone"), {"conversation_id": CONVERSATION},
        words="text", keys="id client_id files",
    ),
    # --- what is on its way
    customers(
        "deliveries", N_("Messages on their way"), {"conversation_id": CONVERSATION, "message_id": MESSAGE},
        exported=False, addresses="lane external_id parts", keys="lease_owner reason",
    ),
    customers(
        "mails", N_("Mails to customers and staff"), {"conversation_id": CONVERSATION},
        ends=EndDate(column="due_at", days=30, only="agent_id"),
        addresses="recipient", copies="content", keys="id message_id lease_owner reason",
    ),
    customers(
        "aside_mails", N_("Mails put aside"), {"conversation_id": CONVERSATION, "sender": Whose.MAIL_ADDRESS},
        ends=EndDate(column="created_at", days=30),
        words="subject text", addresses="sender", facts="account reason", keys="id external_id conversation_id",
    ),
    customers(
        "notifications", N_("Pushes to agents"), {"conversation_id": CONVERSATION},
        ends=EndDate(column="created_at", days=2), exported=False, keys="kind lease_owner reason",
    ),
    customers(
        "staff_alerts", N_("Alerts into a chat of the staff's"), {"conversation_id": CONVERSATION},
        ends=EndDate(column="created_at", days=30), exported=False, keys="about reason lease_owner problem",
    ),
    customers(
        "conversation_events", N_("Events for programs"), {"conversation_id": CONVERSATION, "number": Whose.EVENT},
        ends=EndDate(column="created_at", days=7),
        facts="kind channel language facts", keys="id conversation_id",
    ),
    customers(
        "webhook_deliveries", N_("Events on their way to webhooks"), {"event_number": Whose.EVENT},
        exported=False, keys="webhook_id lease_owner reason",
    ),
    customers(
        "paces", N_("When something was sent"), {"key": Whose.LANE},
        ends=EndDate(column="changed_at", hours=1), exported=False, addresses="key", keys="taken",
    ),
    # --- no customer's
    others("meta", _OPERATION, "key value"),
    others("leases", _OPERATION, "name owner"),
    others(
        "throttles", _OPERATION, "key",
        title=N_("Counters against abuse"), ends=EndDate(column="window_start", days=1),
    ),
    others("channel_accounts", _SET_UP, "account name secrets settings problem"),
    others(
        "erasures", "receipts: counts, and who asked; the contact's id only until it is erased",
        "id contact_id reference asked_by decided_by report",
        title=N_("Receipts of erasures"), ends=EndDate(column="asked_at", days=1096),
    ),
    others(
        "erasure_marks", "ids that mean nobody any more, for backups that are put back", "contact_id",
        title=N_("Who is not to come back with a backup"), ends=EndDate(column="erased_at", days=MAX_BACKUP_DAYS + 1),
    ),
    others("privacy_notices", _SET_UP, "channel language address text changed_by"),
    others("teams", _SET_UP, "id name topics time_zone region hours closed_on changed_by"),
    others("staffing_samples", "counts by the quarter of an hour, never who"),
    others("team_members", _STAFF),
    others(
        "audit_entries", _STAFF, "action actor_kind actor_id actor_name address subject before after once"
        " previous_hash hash",
    ),
    others("audit_head", _OPERATION, "hash"),
    others("audit_checkpoints", _OPERATION, "hash"),
    others("rule_sets", _SET_UP, "rules"),
    others("endpoints", _SET_UP, "name url model secrets settings"),
    others("lookups", _SET_UP, "id name definition secret tried changed_by"),
    others("notices", _SET_UP, "id name texts categories words changed_by"),
    others("tags", _SET_UP, "id name key color"),
    others("canned_replies", "what staff have ready to say", "id owner shortcut title texts changed_by"),
    others("macros", "what staff have ready to do", "id owner name steps changed_by"),
    others("webhooks", _SET_UP, "id name address secret kinds problem changed_by"),
    others("identity_keys", _SET_UP, "id secret created_by"),
    others("installation", _SET_UP, "company bot_name language foreign_language formality accent skipped"),
    others("staff_alert_rules", _SET_UP, "account chat_id reasons"),
    others("saved_views", "what staff search for, cleared of who is erased", "id name wanted"),
    others("api_keys", _SET_UP, "id token_hash name scopes"),
    others("articles", _KNOWLEDGE, "key category draft owner changed_by"),
    others("variants", _KNOWLEDGE, "language question phrasings answer"),
    others("article_versions", _KNOWLEDGE, "content author comment"),
    others("article_editors", _STAFF, "article_key"),
    others("article_sources", _KNOWLEDGE, "url"),
    others("knowledge_revision", _KNOWLEDGE),
    others("embeddings", _KNOWLEDGE, "text_hash model vector"),
    others("help_judgements", "counts by day, never who", "article"),
    others("daily_figures", "counts by day, small groups thinned, agents gone with the conversations",
           "dimension value figures hours"),
    others(
        "sites", _SET_UP,
        "id address host language lease_owner asked_by problem report added_by",
    ),
    others("site_pages", _KNOWLEDGE, "url etag last_modified links articles"),
    others("agents", _STAFF, "id email name password_hash language languages skills coach_off"),
    others("allowances", _SET_UP, "id name topic texts changed_by"),
    others(
        "agent_sessions", _STAFF, "token_hash csrf_token browser address provider_id",
        title=N_("Sign-ins of staff"),
        ends=EndDate(column="expires_at"),
    ),
    others("second_factors", _STAFF, "secret"),
    others("recovery_codes", _STAFF, "code_hash"),
    others("passkeys", _STAFF, "id credential_id public_key transports name"),
    others("passkey_challenges", _STAFF, "challenge_hash purpose holder"),
    others("sign_in_providers", _SET_UP, "id name definition secret changed_by"),
    others("agent_identities", _STAFF, "subject"),
    others("invitations", _STAFF, "token_hash", title=N_("Invitations"), ends=EndDate(column="expires_at", days=30)),
    others("push_devices", _STAFF, "id endpoint_hash endpoint p256dh auth browser"),
    others("removed_push_devices", _STAFF, "endpoint_hash"),
    others("notification_wishes", _STAFF, "unwanted quiet_from quiet_until"),
)  # fmt: skip

#: By the name of the table.
PERSONAL_DATA: Mapping[str, TableEntry] = {entry.table: entry for entry in _ENTRIES}
