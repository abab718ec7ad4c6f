"""`check --deploy` names every secret that is none, and says the value of none of them."""

import re
from pathlib import Path
from typing import Any

import pytest

from promises.watching import checks
from promises.watching.checks import SECRETS, check_secrets
from tracker.login import mail

ROOT = Path(__file__).resolve().parents[2]
LONG = "u7Jx-kQ2vP0mZr8sTn4wYb6cLd1eFg3hAi5jBo9K_xN-pRqStUvWyZ"


@pytest.fixture
def deployed(settings: Any) -> Any:
    """The settings of a deployment with which nothing is wrong."""
    settings.SECRET_KEY = LONG
    settings.METRICS_TOKEN = LONG
    settings.SITE_URL = "https://tracker.example"
    settings.SENTRY_DSN = ""
    settings.ALLOWED_HOSTS = ["tracker.example"]
    settings.REDIS_URL = f"redis://:{LONG}@127.0.0.1:6379/0"
    settings.DATABASES["default"] = {
        "HOST": "127.0.0.1",
        "PASSWORD": LONG,
        "OPTIONS": {},
    }
    settings.SECOND_FACTOR = "required"
    settings.FETCH_ALLOWED_NETWORKS = []
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = True, False
    settings.EMAIL_HOST_PASSWORD = LONG
    return settings


@pytest.fixture(autouse=True)
def _database_settings_restored(settings: Any) -> Any:
    before = dict(settings.DATABASES)
    yield
    settings.DATABASES.update(before)


def found(_settings: Any) -> list[str]:
    messages = check_secrets()
    assert LONG not in str(messages)
    return [str(message.id) for message in messages]


def test_a_good_deployment_passes(deployed: Any) -> None:
    assert found(deployed) == []
    deployed.REDIS_URL = f"rediss://:{LONG}@redis.example/0?ssl_check_hostname=true"
    assert found(deployed) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": "short"}, "tracker.E001"),
        ({"SECRET_KEY": "a" * 80}, "tracker.E001"),
        ({"METRICS_TOKEN": "short"}, "tracker.E002"),
        ({"ALLOWED_HOSTS": ["*"]}, "tracker.E010"),
        ({"REDIS_URL": "redis://127.0.0.1:6379/0"}, "tracker.E005"),
        ({"REDIS_URL": f"redis://:{LONG}@redis.example.org/0"}, "tracker.W002"),
        ({"REDIS_URL": f"rediss://:{LONG}@10.0.0.1/0?ssl_cert_reqs=none"}, "tracker.E012"),
        ({"REDIS_URL": f"rediss://:{LONG}@10.0.0.1/0?ssl_check_hostname=no"}, "tracker.E012"),
        ({"EMAIL_USE_SSL": False}, "tracker.E006"),
        (mail("console:"), "tracker.E013"),
        (mail("file:/srv/mails"), "tracker.E013"),
        ({"SITE_URL": "http://tracker.example"}, "tracker.E008"),
        ({"METRICS_NETWORKS": ["0.0.0.0/0"]}, "tracker.E009"),
        ({"FETCH_ALLOWED_NETWORKS": ["10.0.0.0/8"]}, "tracker.W003"),
        ({"SECOND_FACTOR": "optional"}, "tracker.W004"),
    ],
)
def test_what_is_wrong_is_named(deployed: Any, changed: dict[str, Any], said: str) -> None:
    for name, value in changed.items():
        setattr(deployed, name, value)
    assert found(deployed) == [said]


def test_errors_go_to_an_address_that_the_package_can_reach(
    deployed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package no process would start."""
    deployed.SENTRY_DSN = "https://key@errors.example/1"
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    assert found(deployed) == ["tracker.E011"]
    monkeypatch.setattr(checks, "find_spec", lambda name: name)
    assert found(deployed) == []
    deployed.SENTRY_DSN = "http://key@errors.example/1"
    assert found(deployed) == ["tracker.E003"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PASSWORD": "short"}, ["tracker.E004"]),
        ({"HOST": "db.example.org"}, ["tracker.W001"]),
        ({"HOST": "db.example.org", "OPTIONS": {"sslmode": "verify-full"}}, []),
        ({"HOST": "", "PASSWORD": ""}, []),
        ({"HOST": "/run/postgresql.d", "PASSWORD": ""}, []),
        ({"HOST": "10.0.0.1,10.0.0.2"}, []),
        ({"HOST": "10.0.0.1,db.example.org"}, ["tracker.W001"]),
    ],
)
def test_the_login_to_the_database(deployed: Any, changed: dict[str, Any], said: list[str]) -> None:
    deployed.DATABASES["default"].update(changed)
    assert found(deployed) == said


def test_a_file_with_a_secret_is_for_its_owner(
    deployed: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(LONG)
    file.chmod(0o600)
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    assert found(deployed) == []
    file.chmod(0o644)
    assert found(deployed) == ["tracker.E007"]


def test_every_variable_that_may_hold_a_secret_is_checked() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tracker").glob("*.py"))
    names = set(re.findall(r'"([A-Z_]*(?:KEY|TOKEN|DSN|PASSWORD|SECRET|_URL)[A-Z_]*)"', text))
    # Addresses without a secret in them, and names of Django's own settings.
    public = {"SITE_URL", "TIMESTAMP_AUTHORITY_URL", "EMAIL_HOST_PASSWORD", "PASSWORD"}
    assert names - public == set(SECRETS)
