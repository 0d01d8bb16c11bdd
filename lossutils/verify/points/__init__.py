"""Exact points, values at them in balls, and the search for one at which a statement fails."""
