"""The desk: the admin site where researchers and editors work."""
