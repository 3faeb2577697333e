"""What a statement says: declarations, definitions, equations, the variables that are asked for."""
