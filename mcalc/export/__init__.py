"""Plain functions in NumPy and other array languages, written from expressions."""
