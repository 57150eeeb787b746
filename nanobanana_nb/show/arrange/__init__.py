"""Where each image of a grid goes; no page, no picture."""
