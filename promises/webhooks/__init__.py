"""Webhooks: programs of others are told of public changes, in order, signed, until they say yes."""
