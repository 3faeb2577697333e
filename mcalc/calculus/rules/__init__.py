"""Simplifications: the table of rules, what reads and matches them, and what is no row of it."""
