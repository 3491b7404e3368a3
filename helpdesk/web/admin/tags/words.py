"""Words that the page of the tags looks up by key."""

from i18n import NP_

WORDS = {
    "tag_color_plain": NP_("color", "grey"),
    "tag_color_accent": NP_("color", "teal"),
    "tag_color_ok": NP_("color", "green"),
    "tag_color_warn": NP_("color", "amber"),
    "tag_color_danger": NP_("color", "red"),
}
