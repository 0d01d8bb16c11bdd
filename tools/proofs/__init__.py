"""`make proofs`: the book's claims translated, proved by Coq, and the certificates of it."""
