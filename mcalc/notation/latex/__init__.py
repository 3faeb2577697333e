"""LaTeX in: from what people paste to mcalc's own notation, with the way back for the places of mistakes."""
