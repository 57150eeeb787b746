"""Real kernels, driven over the Jupyter protocol."""
