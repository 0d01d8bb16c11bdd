"""LaTeX to expressions; what can be read in two ways is refused, with the place."""
