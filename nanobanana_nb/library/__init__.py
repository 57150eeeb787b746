"""Named prompts and lists of values, as text files that people keep, compare and share."""
