"""People who log in, and the service accounts that act for the system."""
