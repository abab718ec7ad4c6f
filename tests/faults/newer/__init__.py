"""What a newer version brings: an app whose migrations change tables that older code is using."""
