"""Who does what by when: comments, assignments, scheduled publication and embargo."""
