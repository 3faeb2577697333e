"""Where gradients are zero: closed forms of minima, maxima and of equations, and the proof of each by value."""
