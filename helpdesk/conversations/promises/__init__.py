"""What agents and Staffel itself promised: the register, reminders and cards, apologies, calls that were agreed."""
