"""Results as pictures and text: pure functions, no kernel needed."""
