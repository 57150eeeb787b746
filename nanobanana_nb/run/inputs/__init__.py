"""What a person hands over as a reference image, and what is sent of it."""
