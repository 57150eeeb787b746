"""Originals and sidecars: files that are whole whenever they are there."""
