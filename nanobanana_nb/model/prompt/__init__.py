"""The prompt language: places, choices, axis lines, and what may be meant otherwise."""
