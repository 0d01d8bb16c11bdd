"""What the Makefile calls, and what the tests share with it."""
