"""Evidence: documents and records, and what each says about a pledge."""
