"""What is counted, for Prometheus. Ids and texts never become labels."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("staffel_messages_received_total", "Messages stored, by channel", ["channel"])
TURNS = Counter("staffel_turns_total", "Turns finished, by outcome", ["outcome"])
TURN_SECONDS = Histogram(
    "staffel_turn_seconds",
    "From the message's arrival to the stored reply",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 10, 15),
)
TURNS_LATE = Counter("staffel_turns_late_total", "Turns whose reply was stored after the deadline")
BOT_FAILURES = Counter("staffel_bot_failures_total", "Turns the bot gave no usable answer to")
DELIVERIES = Counter("staffel_deliveries_total", "Deliveries finished, by channel and status", ["channel", "status"])
DELIVERIES_REPEATED = Counter(
    "staffel_deliveries_repeated_total", "Deliveries sent again because nobody knows whether they arrived", ["channel"]
)
WEBCHAT_SOCKETS = Gauge("staffel_webchat_sockets", "Web chats that are connected to this instance")
AGENTS_LOST = Counter("staffel_agents_lost_total", "Conversations brought back because their agent had gone")
OFFERS = Counter("staffel_offers_total", "Offers to agents, made and by how they ended", ["outcome"])
PROMISES = Counter("staffel_promises_total", "Promises made, kept, withdrawn and broken", ["state"])
LIMBO = Counter("staffel_limbo_total", "Conversations the watchdog found left behind and mended, by sort", ["sort"])
CONVERSATIONS = Gauge("staffel_conversations", "Conversations by status", ["status"])
QUEUE_OLDEST_SECONDS = Gauge("staffel_queue_oldest_seconds", "How long the first in the queue has waited")
SPANS_LOST = Counter("staffel_trace_spans_lost_total", "Spans that could not be sent to the receiver of traces")
REWORDINGS = Counter(
    "staffel_rewordings_total", "Texts given to the language model, by kind and what became of it", ["what", "ending"]
)
LOOKUPS = Counter(
    "staffel_lookups_total", "Questions to connected services, by look-up and outcome", ["lookup", "outcome"]
)
PUSH_MESSAGES = Counter("staffel_push_messages_total", "Push messages to agents' browsers, by outcome", ["outcome"])
WEBHOOK_CALLS = Counter("staffel_webhook_calls_total", "Calls of webhooks, by outcome", ["outcome"])
HELP_SEARCHES = Counter("staffel_help_searches_total", "Searches in the help centre, by outcome", ["outcome"])
HELP_JUDGEMENTS = Counter("staffel_help_judgements_total", "Whether a help page helped", ["helpful"])
CLOCK_CORRECTION = Gauge(
    "staffel_clock_correction_seconds", "What this machine's clock is set by, because the database's says otherwise"
)
