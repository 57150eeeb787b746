"""What can go wrong between a cell and a paid image, and what stays true all the same."""
