"""Requests for records, and the laws they rest on."""
