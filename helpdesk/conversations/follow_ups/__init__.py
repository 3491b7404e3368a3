"""Follow-ups: a contact is asked on a later day whether the matter is settled, once, where they can be reached."""
