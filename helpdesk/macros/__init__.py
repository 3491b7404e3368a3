"""Several steps that agents take with one key: kept, planned for a conversation, and taken one after the other."""
