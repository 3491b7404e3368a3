"""Words of the page of the channels that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "channels_by_webhook": N_("messages come here"),
    "channels_by_http": N_("messages come here"),
    "channels_by_polling": N_("messages are fetched"),
    "channels_by_socket": N_("through a socket"),
    "channels_connecting": N_("Connecting …"),
    "channels_checking": N_("Checking …"),
    "channels_ok": N_("fine"),
    "channels_note": N_("please look"),
    "channels_failed": N_("doesn't work"),
}
