"""What is stale, whose it is, and how pledges are watched."""
