"""Saves and steps of the desk: done once, refused in words, on what was read, no text lost."""
