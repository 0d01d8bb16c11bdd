"""A claim as a statement of Coq: what the kernel of a proof assistant is asked to accept."""
