"""Words of the page of ratings that its template looks up by key."""

from i18n import N_

WORDS = {
    "ratings_by_channel": N_("By channel"),
    "ratings_by_agent": N_("By agent"),
    "ratings_by_team": N_("By team"),
    "ratings_by_article": N_("By article"),
    "ratings_channel_webchat": N_("Web chat"),
    "ratings_channel_telegram": N_("Telegram"),
    "ratings_channel_slack": N_("Slack"),
    "ratings_channel_email": N_("E-mail"),
}
