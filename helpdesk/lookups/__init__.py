"""Services that an admin has connected: what is asked of them, how, and when a customer means it. docs/lookups.md."""
