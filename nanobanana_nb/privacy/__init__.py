"""Keys and signed links out of texts; addresses that are safe to call."""
