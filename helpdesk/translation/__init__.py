"""Translation as an aid for agents: by a service outside, if one is configured; kept with the conversation."""
