"""Lists of the desk, and what they are filtered by."""
