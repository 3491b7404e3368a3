"""The rules of passing the baton: pure functions of the standard library."""
