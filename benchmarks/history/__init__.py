"""A history of many customers and agents under faults, and a checker that holds the log against what they were told.

Two instances of helpdesk, a private PostgreSQL, a private Redis and a bot are killed, stopped and cut off at random,
while customers and agents go on. Afterwards nothing that was acknowledged may be missing, doubled or out of order.
"""
