"""Looking something up at a service of the company's: a Rasa form asks for what it takes, then the answer is told.

`lookup.py` has the nouns and what helpdesk provides, `inquiry.py` what one question has come to so far, `form.py` what
the form makes of a message, `telling.py` what is said at the end. docs/lookups.md is for whoever sets one up.
"""
