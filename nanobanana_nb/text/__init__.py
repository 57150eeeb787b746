"""Text as people write it and as it may be shown: spelling, names, prompts, terminals."""
