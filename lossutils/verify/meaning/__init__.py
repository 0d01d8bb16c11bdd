"""What is meant: domains of letters, definitions put in by name, ranges settled, nothing left implied."""
