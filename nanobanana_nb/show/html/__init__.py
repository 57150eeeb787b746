"""A result as HTML, and the same words as text."""
