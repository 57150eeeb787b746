"""Bytes to pictures and back: whatever others made is opened here and nowhere else."""
