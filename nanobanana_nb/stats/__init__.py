"""Pure numbers: what is chance, what is not, and who wins the votes."""
