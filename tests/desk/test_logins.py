"""The logins of a development machine: two with every right, and one for each role."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from promises.accounts.models import User


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    """Where the command keeps the passwords."""
    path = tmp_path / "development" / "logins"
    settings.IS_DEVELOPMENT, settings.DEVELOPMENT_LOGINS = True, path
    settings.SITE_URL = "http://127.0.0.1:8000"
    return path


@pytest.mark.django_db
def test_the_logins_are_made_and_a_second_run_says_the_same(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_development_logins")
    first = capsys.readouterr().out
    assert first.splitlines()[0] == "Log in at http://127.0.0.1:8000/admin/"
    passwords = dict(line.split() for line in kept.read_text().splitlines())
    assert list(passwords) == [
        "editor",
        "second-editor",
        "researcher",
        "plain-editor",
        "administrator",
        "partner",
    ]
    assert passwords["editor"] != passwords["second-editor"]
    for username, password in passwords.items():
        assert f"{username:15} password {password}" in first
        browser = Client()
        assert browser.login(username=username, password=password)
        assert browser.get("/admin/").status_code == 200
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["logins"]

    hashes = set(User.objects.values_list("password", flat=True))
    call_command("create_development_logins")
    assert capsys.readouterr().out == first
    # The same hashes: nobody who is logged in is thrown out.
    assert set(User.objects.values_list("password", flat=True)) == hashes
    # The service account that wrote the roles is the seventh.
    assert User.objects.count() == 7
    assert {
        user.username: [group.name for group in user.groups.all()]
        for user in User.objects.filter(is_superuser=False, is_service=False)
    } == {
        "researcher": ["researcher"],
        "plain-editor": ["editor"],
        "administrator": ["administrator"],
        "partner": ["partner"],
    }


@pytest.mark.django_db
def test_a_new_database_gets_the_passwords_that_were_kept(kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_text("editor known-one\nsecond-editor known-two\n")
    call_command("create_development_logins")
    assert Client().login(username="second-editor", password="known-two")


@pytest.mark.django_db
def test_production_has_no_such_logins(kept: Path, settings: Any) -> None:
    settings.IS_DEVELOPMENT = False
    with pytest.raises(CommandError, match="this is not a development machine"):
        call_command("create_development_logins")
    assert User.objects.count() == 0
    assert not kept.exists()
