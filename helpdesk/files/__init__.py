"""Files of both sides: what they are, where their bytes are, and when they are erased."""
