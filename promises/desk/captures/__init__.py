"""Copies of evidence: what waits, what is suspect, what can be taken away."""
