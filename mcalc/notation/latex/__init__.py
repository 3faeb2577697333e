"""LaTeX in: from what people paste to the tokens of mcalc's grammar."""
