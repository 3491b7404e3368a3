"""Who may sign in to Staffel: agents and admins, their passwords, sessions and invitations."""
