"""The domain: small Django apps on a staircase. Each imports only from the steps below it."""
