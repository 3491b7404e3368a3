"""Mails: how they read, and how they leave."""
