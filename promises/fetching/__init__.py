"""The one way out to the web: every address checked, every limit kept, nothing trusted."""
