"""The database: its file, its schema, its rows, and what repairs it."""
