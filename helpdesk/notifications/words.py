"""What a notification says, for the agent who gets it."""

from helpdesk.notifications.kinds import NotificationKind
from i18n import N_

TITLES = {
    NotificationKind.OFFER: N_("{who} is waiting for you"),
    NotificationKind.MESSAGE: N_("{who} has written"),
    NotificationKind.PROMISE: N_("A promise to {who} is due"),
    NotificationKind.MENTION: N_("You are named in a note about {who}"),
    NotificationKind.TRANSFER: N_("{who} was passed on to you"),
}
ALERTS = {
    "waits": N_("⏳ {who} has been waiting for a person for {minutes} min."),
    "nobody": N_("🌙 Nobody is online, and {who} is waiting for a person."),
    "promise": N_("⚠️ A promise to {who} is overdue."),
}
ALERT_TEST = N_("This is a test of Staffel: alerts for the team come into this chat.")
GUEST = N_("Guest {number}")
SINCE = N_("since {time}")
TEST = N_("This is a test. Messages arrive on this device.")
