"""Tests of the Rasa side: real `bot/rasa` processes, driven over HTTP and the command line."""
