"""What is shown while tasks run."""
