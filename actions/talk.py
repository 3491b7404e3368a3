"""What is talk and nothing else, so that no form takes it for an answer."""

TALK_INTENTS = frozenset(
    {
        "bot_challenge",
        "complaint",
        "feedback",
        "goodbye",
        "greeting",
        "help",
        "small_talk",
        "switch_formality",
        "switch_language",
        "thanks",
    }
)
"""Intents that are no answer to a question of ours, whatever the search found."""
