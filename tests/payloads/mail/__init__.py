"""Mail in the shapes that mail programs give it: what they send, and what has to come out."""
