"""Simplifications: the table of rules, what reads and matches them, and the log of what was applied."""
