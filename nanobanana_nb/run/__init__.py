"""The use case: from a plan to images, each task asked for once and never lost."""
