"""What topics are called: the categories of articles, teams and handoffs. Staff and customers read them."""

from gettext import NullTranslations

from helpdesk.channels.help_links import fold
from i18n import N_, translate

#: Names for the categories of the knowledge base that a new installation starts with.
TOPIC_NAMES = {
    "delivery": N_("Delivery"),
    "orders": N_("Orders"),
    "payment": N_("Payment"),
    "account": N_("Your account"),
    "products": N_("Products"),
    "vouchers": N_("Vouchers"),
    "returns": N_("Returns"),
    "privacy": N_("Privacy"),
    "contact": N_("Contact"),
    "warranty": N_("Warranty and repair"),
    "sustainability": N_("Environment"),
}


def topic_name(category: str, messages: NullTranslations) -> str:
    """A name of ours for a category of the sample, any other as it is written, without hyphens and small beginnings."""
    if (name := TOPIC_NAMES.get(fold(category))) is not None:
        return translate(messages, name)
    written = category.replace("_", " ").replace("-", " ").strip()
    return written[:1].upper() + written[1:]
