"""What a run may cost: prices, limits, and what is spent while it goes on."""
