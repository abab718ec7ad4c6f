"""What has gone stale, who is to look at it, and when that was done."""
