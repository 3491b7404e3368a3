"""Web sites as a source of articles: read by their address, politely, and again at night."""
