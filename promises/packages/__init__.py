"""What travels in and out: the seed record and packages of tables."""
