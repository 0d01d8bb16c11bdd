"""Proofs for all values that the assumptions allow; points may spare an attempt, and never support one."""
