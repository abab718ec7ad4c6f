"""The numbered public history: append-only, hash-chained. Its newest number is the edition."""
