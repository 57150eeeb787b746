"""Scores that people have in lists, tables and files: which image each is for."""
