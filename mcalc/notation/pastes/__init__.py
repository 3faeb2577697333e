"""What people paste with a formula: the paragraph around it, and spellings of other programs."""
