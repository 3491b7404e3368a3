"""Known disturbances: what customers are told of them, which are told now, and what a message has to do with them."""
