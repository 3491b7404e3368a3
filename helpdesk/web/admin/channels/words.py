"""Words of the page of the channels that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "channels_by_webhook": N_("messages come here"),
    "channels_by_http": N_("messages come here"),
    "channels_by_polling": N_("messages are fetched"),
    "channels_by_socket": N_("through a socket"),
    "channels_by_imap": N_("a mailbox is read"),
    "aside_auto_reply": N_("automatic reply"),
    "aside_bounce": N_("came back"),
    "aside_receipt": N_("receipt"),
    "aside_mailing_list": N_("mailing list or newsletter"),
    "aside_spam": N_("spam"),
    "aside_forged": N_("sender forged"),
    "aside_own": N_("own mail"),
    "aside_no_sender": N_("no sender"),
    "aside_empty": N_("empty"),
    "aside_unreadable": N_("unreadable"),
    "aside_flood": N_("too many from one sender"),
    "channels_connecting": N_("Connecting …"),
    "channels_checking": N_("Checking …"),
    "channels_opening": N_("Opening …"),
    "mail_test_subject": N_("Test mail from Staffel"),
    "mail_test_body": N_("This mail has come through: the mail server takes what Staffel sends."),
    "channels_sending": N_("Sending …"),
    "channels_ok": N_("fine"),
    "channels_note": N_("please look"),
    "channels_failed": N_("doesn't work"),
}
