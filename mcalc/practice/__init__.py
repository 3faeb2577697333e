"""Practice: questions made of derivations and of slips, and what was missed, to be asked again."""
