"""Which setting is in force, and who set it."""
