"""Django's PostgreSQL, whose connections do not wait for a server that has fallen silent."""
