"""The API: read-only resources under /api/v1/."""
