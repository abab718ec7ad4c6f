"""Who logs in, with which role and keys, and what happened to logins."""
