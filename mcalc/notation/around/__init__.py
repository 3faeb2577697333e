"""What stands around a formula: heads, left sides, conditions, definitions, words."""
