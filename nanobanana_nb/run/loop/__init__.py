"""The background loop, and how plain code and interrupts reach it."""
