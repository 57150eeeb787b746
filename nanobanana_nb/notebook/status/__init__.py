"""What stands under a cell while it runs."""
