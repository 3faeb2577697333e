"""From the surface tree to names: what is declared, what a run of letters, a bracket, a derivative is."""
