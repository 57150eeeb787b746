"""What a prompt says: words, phrases, and the reading that the painter works from."""
