"""People, offices, terms, elections."""
