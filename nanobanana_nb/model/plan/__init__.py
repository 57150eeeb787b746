"""A plan: the requests of one experiment, its axes, its limits and its bill."""
