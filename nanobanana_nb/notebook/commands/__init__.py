"""The words after %nanobanana."""
