"""What people outside send in: challenges of a rating, each with its own clock; suggestions."""
