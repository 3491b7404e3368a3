"""What the business allows agents to offer, by topic."""
