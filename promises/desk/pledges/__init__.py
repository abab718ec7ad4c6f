"""Pledges, the rows on their page, and their words in other languages."""
