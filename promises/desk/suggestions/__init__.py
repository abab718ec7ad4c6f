"""What came in from outside: suggestions, challenges."""
