"""What was said: the lines of a conversation, how they are found, read, copied, handed out. Changes nothing."""
