"""Faults put in on purpose, to see that each is noticed: in the book's claims, and in the rules of the checker."""
