"""Products in index notation: what one is, contracted, and opened into one term."""
