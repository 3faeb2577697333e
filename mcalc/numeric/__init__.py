"""Numbers for expressions."""
