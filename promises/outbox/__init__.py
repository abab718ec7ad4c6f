"""What must be delivered: rows written with the facts, leased, sent once, or set aside."""
