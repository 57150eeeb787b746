"""One image on its way: created, watched, fetched, and written down."""
