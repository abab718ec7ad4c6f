"""Secrets of webhooks as the database keeps them: locked with the key of this installation.

A message is signed with the secret itself, so a hash would not do.
"""

import base64
import hashlib

from django.conf import settings


def sealed(secret: str) -> str:
    """Return a secret locked."""
    from cryptography.fernet import Fernet

    return Fernet(_keys()[0]).encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    """Return a secret that was locked with this SECRET_KEY or one before it.

    Raises cryptography.fernet.InvalidToken.
    """
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(key) for key in _keys()]).decrypt(text.encode()).decode()


def _keys() -> list[bytes]:
    keys: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"webhooks.secret:{key}".encode()).digest() for key in keys]
    return [base64.urlsafe_b64encode(digest) for digest in digests]
