"""The client that is handed out: two files written by hand, and what the schema says between."""
