"""Feeds, and what they brought that may be evidence."""
