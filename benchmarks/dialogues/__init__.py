"""Conversations that a stranger wrote, held with a whole installation and judged by facts of the replies."""
