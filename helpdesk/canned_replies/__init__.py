"""Answers that agents have ready: by a shortcut, for every language and form of address, with what fills them in."""
