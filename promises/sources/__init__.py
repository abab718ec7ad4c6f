"""What the original of a piece of evidence says today: its text, whether it is still there, what changed."""
