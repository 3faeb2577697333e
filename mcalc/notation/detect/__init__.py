"""Telling what a text is, by a look at its characters: LaTeX, Python, a paste."""
