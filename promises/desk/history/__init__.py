"""The history of a record: every change, field by field, by whatever door it came."""
