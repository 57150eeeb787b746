"""What real processes do to each other and what is left when they are killed."""
