"""The public pages: for each, what it shows and the view that shows it."""
