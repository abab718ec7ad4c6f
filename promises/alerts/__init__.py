"""What goes out to people: the outbox, digests and their delivery."""
