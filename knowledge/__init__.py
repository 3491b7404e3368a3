"""The articles, and how the one that answers a question is found. Knows nothing of conversations."""
