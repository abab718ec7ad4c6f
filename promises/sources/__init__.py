"""What the original of a piece of evidence says today: is it there, and are its words the same."""
