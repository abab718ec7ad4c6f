"""What is wrong in the environment is said in a sentence with its name, and no secret."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "x",
    "DATABASE_URL": "postgresql://web:secret@127.0.0.1:5432/tracker",
    "REDIS_URL": "redis://:secret@127.0.0.1:6379/0",
    "SITE_URL": "https://tracker.example",
}
ENCODE = (
    " In a user name or password percent-encode every sign but letters, digits, - . _ ~: / is %2F,"
    " # is %23, ? is %3F, @ is %40, : is %3A, % is %25."
)
POSTGRES = "DATABASE_URL must look like postgresql://user:password@host:5432/database." + ENCODE
REDIS = "REDIS_URL must look like redis://:password@host:6379/0." + ENCODE
EMAIL = "EMAIL_URL must look like smtps://user:password@mail.example.org:465." + ENCODE


def said(*words: str, **changed: str) -> tuple[int, str]:
    """Run Python with this environment; return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, *(words or ("-c", "import tracker.settings"))],
        cwd=ROOT,
        env={name: value for name, value in {**GOOD, **changed}.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_good_environment_is_taken() -> None:
    assert said() == (0, "")
    more = {
        "DATABASE_URL": "postgresql://web:a%2Fb%23c%40d@[::1]/tracker?sslmode=require",
        "REDIS_URL": "rediss://user:a%2Fb@redis.example:6380",
        "EMAIL_URL": "smtps://user:a%2Fb@mail.example:465",
        "TRUSTED_PROXIES": "10.0.0.2, ::1",
        "METRICS_NETWORKS": "10.0.0.0/8,::1",
        "FETCH_PORTS": "80,8080",
        "CAPTURE_ORIGIN": "https://copies.example/",
    }
    assert said(**more) == (0, "")


def test_mails_can_be_kept_in_a_folder() -> None:
    ask = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH)"
    given = {"DJANGO_SETTINGS_MODULE": "tracker.settings", "EMAIL_URL": "file:/srv/my%20mails"}
    backend = "django.core.mail.backends.filebased.EmailBackend"
    assert said("-c", ask, **given) == (0, f"{backend} /srv/my mails\n")
    code, printed = said(EMAIL_URL="file:mails")
    assert (code, EMAIL in printed) == (1, True)


def test_a_site_has_nothing_of_a_development_machine() -> None:
    names = "DEBUG, FAILPOINTS, SECOND_FACTOR, WEBHOOKS_BY_HTTP, PASSWORD_HASHERS[0]"
    ask = f"from tracker.settings import *; from django.conf import settings; print({names})"
    ask = ask.replace("PASSWORD_HASHERS", "settings.PASSWORD_HASHERS")
    pbkdf2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    given = {"TRACKER_FAILPOINTS": "leased:1", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    assert said("-c", ask, **given) == (0, f"False {{}} required False {pbkdf2}\n")
    given["TRACKER_MODE"] = "development"
    assert said("-c", ask, **given) == (0, f"False {{'leased': 1.0}} optional True {pbkdf2}\n")


def test_keys_from_before_are_read() -> None:
    ask = "from tracker import settings; print(settings.SECRET_KEY_FALLBACKS)"
    assert said("-c", ask) == (0, "[]\n")
    assert said("-c", ask, SECRET_KEY_FALLBACKS="one, two") == (0, "['one', 'two']\n")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "postgresql://web:very/secret@127.0.0.1:5432/tracker", POSTGRES),
        ("DATABASE_URL", "postgresql://web:very#secret@127.0.0.1:5432/tracker", POSTGRES),
        ("DATABASE_URL", "postgresql://web:very?secret@127.0.0.1:5432/tracker", POSTGRES),
        ("DATABASE_URL", "postgresql://web:secret@127.0.0.1:5432", POSTGRES),
        ("DATABASE_URL", "mysql://web:secret@127.0.0.1/tracker", POSTGRES),
        ("REDIS_URL", "127.0.0.1:6379", REDIS),
        ("REDIS_URL", "http://:secret@127.0.0.1:6379/0", REDIS),
        # Celery knows no such way, and would end by it.
        ("REDIS_URL", "unix:///run/redis.sock", REDIS),
        ("REDIS_URL", "redis://:very/secret@127.0.0.1:6379/0", REDIS),
        ("REDIS_URL", "redis://:secret@127.0.0.1:port/0", REDIS),
        ("REDIS_URL", "redis://:secret@127.0.0.1:6379/first", REDIS),
        (
            "REDIS_URL",
            "rediss://:secret@redis.example/0?ssl_ca_certs=/nope",
            "REDIS_URL names '/nope' as ssl_ca_certs; there is no such file that we may read.",
        ),
        (
            "REDIS_URL",
            "rediss://:secret@redis.example/0?ssl_cert_reqs=maybe",
            "REDIS_URL has 'maybe' as ssl_cert_reqs; it must be required or none.",
        ),
        ("EMAIL_URL", "mail.example:25", EMAIL),
        ("EMAIL_URL", "smtps://user:very/secret@mail.example:465", EMAIL),
        (
            "SITE_URL",
            "tracker.example",
            "SITE_URL is 'tracker.example'; it must look like https://host.example.",
        ),
        (
            "CAPTURE_ORIGIN",
            "copies.example",
            "CAPTURE_ORIGIN is 'copies.example'; it must look like https://host.example.",
        ),
        (
            "FETCH_PORTS",
            "80,http",
            "FETCH_PORTS has 'http' in it; it must be ports from 1 to 65535, separated by commas.",
        ),
        (
            "METRICS_NETWORKS",
            "banana",
            "METRICS_NETWORKS has 'banana' in it; it must be networks like 10.0.0.0/8 or addresses,"
            " separated by commas.",
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/8",
            "TRUSTED_PROXIES is '10.0.0.0/8'; it must be addresses of single machines like"
            " 10.0.0.2, separated by commas: no networks, no names.",
        ),
        ("DIGEST_HOUR", "99", "DIGEST_HOUR is '99'; it must be a whole number from 0 to 23."),
        ("SWEEP_SECONDS", "0", "SWEEP_SECONDS is '0'; it must be a whole number of 1 or more."),
        (
            "TIMESTAMP_AUTHORITY_ROOT",
            "/nope",
            "TIMESTAMP_AUTHORITY_ROOT is '/nope'; there is no such file that we may read.",
        ),
        (
            "SECRET_KEY_FILE",
            "/nope",
            "SECRET_KEY_FILE is '/nope', which cannot be read: No such file or directory. Name a"
            " file that holds the value and that this user may read.",
        ),
        (
            "DATABASE_URL_FILE",
            "/nope",
            "DATABASE_URL_FILE is '/nope', which cannot be read: No such file or directory. Name a"
            " file that holds the value and that this user may read.",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(name: str, value: str, says: str) -> None:
    assert said(**{name: value}) == (1, f"{says}\n")
    assert "secret" not in says


@pytest.mark.parametrize(
    "words",
    [
        ("manage.py", "check"),
        ("-m", "celery", "--quiet", "--app", "tracker", "beat"),
        ("-c", "import tracker.wsgi"),
    ],
)
def test_every_process_ends_with_the_sentence_alone(words: tuple[str, ...]) -> None:
    code, text = said(*words, DIGEST_HOUR="99")
    assert code != 0
    assert "DIGEST_HOUR is '99'; it must be a whole number from 0 to 23." in text
    assert "Traceback" not in text


def test_a_database_from_a_file_is_not_mixed_with_the_local_services(tmp_path: Path) -> None:
    """As one that is given directly: what is not set is missing."""
    address, place = tmp_path / "address", tmp_path / "tracker"
    address.write_text(GOOD["DATABASE_URL"])
    place.mkdir()
    shutil.copy(ROOT / "tracker" / "env.py", place)
    local = tmp_path / ".local" / "development" / "environment"
    local.parent.mkdir(parents=True)
    local.write_text("REDIS_URL=redis://:local@127.0.0.1:6379/0\n")
    asks = ("-c", f"import sys; sys.path.insert(0, {str(place)!r}); import env; print(env._LOCAL)")
    assert said(*asks, DATABASE_URL_FILE=str(address), DATABASE_URL="") == (0, "{}\n")
    # A person at the shell beside `make run` has none.
    environment = {"PATH": GOOD["PATH"]}
    done = subprocess.run(
        [sys.executable, *asks], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "{'REDIS_URL': 'redis://:local@127.0.0.1:6379/0'}\n"


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, "True True True True"),
        ({"LOG_LEVEL": "DEBUG"}, "True True True True"),
        # Who develops would not find the logins among eight lines every five seconds.
        ({"TRACKER_MODE": "development"}, "False False False True"),
        ({"TRACKER_MODE": "development", "LOG_LEVEL": "DEBUG"}, "True True True True"),
    ],
)
def test_only_production_says_each_time_that_a_task_was_sent_and_done(
    changed: dict[str, str], shown: str
) -> None:
    script = (
        "import logging.config, tracker.settings as settings\n"
        "logging.config.dictConfig(settings.LOGGING)\n"
        "names = ['celery.beat', 'celery.app.trace', 'tracker.tasks', 'tracker.requests']\n"
        "print(*(logging.getLogger(name).isEnabledFor(logging.INFO) for name in names))\n"
        "assert all(logging.getLogger(name).isEnabledFor(logging.WARNING) for name in names)\n"
    )
    assert said("-c", script, **changed) == (0, f"{shown}\n")
