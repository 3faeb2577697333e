"""From index notation back to matrix notation: the graph of a product, chains, common factors."""
