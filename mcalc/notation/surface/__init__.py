"""From characters to the surface tree: tokens, brackets paired, the grammar."""
