"""Statements written against the checker's rules, with their truth: 1 true for all values, 0 false or without a value."""
