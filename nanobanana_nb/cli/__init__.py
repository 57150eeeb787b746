"""The command `nanobanana`: images from a shell, and from scripts of one."""
