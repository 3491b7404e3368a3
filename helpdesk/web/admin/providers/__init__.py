"""The admin pages of the providers that staff sign in with."""
