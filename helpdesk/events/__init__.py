"""What happened to conversations, for programs: recorded in the transaction in which it happened, read in order."""
