"""What editors say became of a pledge: status updates, reviews, responses, corrections."""
