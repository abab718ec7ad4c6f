"""Who does what by when: discussion, assignments, what is to appear."""
