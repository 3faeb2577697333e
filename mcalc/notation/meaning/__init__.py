"""From names and shapes to expressions."""
