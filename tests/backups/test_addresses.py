"""Whatever DATABASE_URL says of the way to the server, pg_dump and pg_restore go the same way."""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest
from django.db import connection

from promises.backups.programs import run
from promises.backups.shelf import Shelf
from tests.backups.test_backups import Place, contents, empty, shelf, store
from tests.backups.test_backups import _address as address

__all__ = ["empty", "shelf", "store"]

_TELLS = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"


def in_the_query(given: str) -> str:
    """Return an address that leads to the same place, with each part of it after the `?`."""
    parts = urlsplit(given)
    # The first of two servers is not there.
    said = {
        "host": f"{parts.hostname},{parts.hostname}",
        "port": f"1,{parts.port}",
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path[1:]),
    }
    return "postgresql:///another?" + urlencode(said, quote_via=quote)


def test_a_place_that_stands_in_the_query_is_the_one(shelf: Shelf, empty: Place) -> None:
    here = Place(shelf.root.parent / "here", str(connection.settings_dict["NAME"]))
    here.environment["DATABASE_URL"] = in_the_query(here.address)
    here.environment["CAPTURE_STORE"] = str(shelf.root.parent / "store")
    code, said = here.manage("backup", str(shelf.root))
    assert code == 0, said
    empty.environment["DATABASE_URL"] = in_the_query(empty.address)
    code, said = empty.manage("restore", str(shelf.root))
    assert code == 0, said
    assert empty.contents() == contents(address(connection.settings_dict["NAME"]))


@pytest.mark.django_db
def test_programs_are_told_what_the_settings_say(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "sslmode": "prefer", "sslrootcert": "/roots.pem", "connect_timeout": "7",
        "options": "-c search_path=public", "hostaddr": "127.0.0.1", "passfile": "/passwords",
        "target_session_attrs": "any", "keepalives": "1",
    }  # fmt: skip
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", given)
    monkeypatch.setenv("PGSSLCERT", "/not/in/the/address.pem")
    told = tmp_path / "told"
    run([sys.executable, "-c", _TELLS, str(told)])
    found = {name: value for name, value in json.loads(told.read_text()).items() if "PG" in name}
    where = connection.settings_dict
    assert found == {
        "PGHOST": where["HOST"], "PGPORT": where["PORT"], "PGUSER": where["USER"],
        "PGPASSWORD": where["PASSWORD"], "PGDATABASE": where["NAME"], "PGSSLMODE": "prefer",
        "PGSSLROOTCERT": "/roots.pem", "PGCONNECT_TIMEOUT": "7", "PGHOSTADDR": "127.0.0.1",
        "PGOPTIONS": "-c search_path=public -c tcp_user_timeout=0", "PGPASSFILE": "/passwords",
        "PGTARGETSESSIONATTRS": "any", "PGCLIENTENCODING": "UTF8",
        "PGSSLCERT": "/not/in/the/address.pem",
    }  # fmt: skip
