"""Pledges: what an official publicly committed to, by topic, and what would count as kept."""
