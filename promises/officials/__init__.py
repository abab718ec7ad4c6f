"""Popolo's people, areas, posts and memberships: officials, offices, elections, terms."""
