"""The ways articles are written in files: one module each, with `read` and `write`."""
