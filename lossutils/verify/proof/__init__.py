"""Proofs for all values that the assumptions allow; no point is seen here."""
