"""The right side of a panel: walls of thumbnails, the run that goes on, and the viewer."""
