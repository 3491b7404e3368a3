"""The Rasa side of Staffel: channel, NLU components and tracker store. Runs on Python 3.10 in its own environment."""
