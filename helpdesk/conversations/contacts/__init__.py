"""Who writes: contacts, what is known of them, how they are reached, and which of them are one person."""
