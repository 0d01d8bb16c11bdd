"""The losses: formulas that a reader opens, written once for every framework."""
