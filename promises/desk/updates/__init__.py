"""Status updates, and what is written beside them: replies, looks, corrections, the method."""
