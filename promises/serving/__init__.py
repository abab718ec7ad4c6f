"""Public answers kept ready: which may be, for how long they are true, and where they are kept."""
