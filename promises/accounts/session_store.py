"""Sessions in the database, looked for only by what can be the name of one."""

from django.contrib.sessions.backends import db

from promises.common.text import is_storable


class SessionStore(db.SessionStore):
    """As Django's. A cookie can hold signs that the database cannot even be asked for."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key if session_key and is_storable(session_key) else None)
