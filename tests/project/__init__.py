"""What holds for the project as a whole: its shape, its checks, its packages, its notebooks."""
