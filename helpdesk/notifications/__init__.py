"""What agents are told while they look elsewhere: kinds, their devices and their wishes."""
