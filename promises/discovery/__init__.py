"""Feeds of offices, courts and newsrooms, read for what may be evidence; a person decides."""
