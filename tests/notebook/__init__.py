"""Tests of the notebook floor, in a real IPython shell."""
