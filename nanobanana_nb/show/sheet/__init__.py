"""One contact sheet, as the picture of an output and as a file."""
