"""From the wish for a person until somebody is there: the request, and what a waiting contact does and is told."""
