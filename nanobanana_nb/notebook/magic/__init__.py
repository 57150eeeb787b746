"""The magics: from the text of a cell to a plan."""
