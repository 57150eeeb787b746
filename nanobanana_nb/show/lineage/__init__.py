"""What was made from what, and how two images differ."""
