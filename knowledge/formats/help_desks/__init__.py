"""Articles as other help desks give them: one module each, with `looks_like` and `read`."""
