"""Copies of an installation: taken while it runs, encrypted, and put back."""
