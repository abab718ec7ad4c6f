"""Requests for public records: to whom, when the law wants an answer, what came."""
