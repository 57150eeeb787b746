"""What Tab offers and Shift-Tab explains in `%nanobanana` lines and `%%nanobanana` cells."""
