"""Words of the page that a customer comes to from another channel."""

CONTINUING: dict[str, tuple[str, str]] = {
    "continue_title": ("Hier im Chat weiter", "Carry on in the chat here"),
    "continue_lead": (
        "Sie kommen von einem anderen Kanal. Mit einem Klick geht das Gespräch hier weiter, und wer Ihnen hilft, "
        "sieht beides zusammen.",
        "You are coming from another channel. With one click the conversation goes on here, and whoever helps you "
        "sees both together.",
    ),
    "continue_button": ("Weiter im Chat", "Carry on"),
    "continue_open": ("Der Chat ist unten rechts geöffnet.", "The chat is open at the bottom right."),
}
