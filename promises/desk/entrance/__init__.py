"""The entrance of the desk: logging in, second factors, sessions, the log of it all."""
