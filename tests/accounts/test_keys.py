"""Keys: made and revoked by their owner, kept as a hash, and what the database holds of them."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts import keys
from promises.accounts.key_rules import fault_of, is_to_be_noted, key_hash, new_key
from promises.accounts.models import ApiKey, Letter, SecurityEvent, User
from tests import record

NOW = record.NOW


def made(owner: User, **more: object) -> tuple[ApiKey, str]:
    values = {"name": "Mirror", "scopes": ["read"], "days": 30, "by": owner, "now": NOW, **more}
    return keys.make_key(owner=owner, **values)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_key_is_kept_as_a_hash_and_found_by_its_text(author: User) -> None:
    key, text = made(author, scopes=["webhooks", "read", "read"])
    assert re.fullmatch(r"ppt_[a-z0-9]{12}_[A-Za-z0-9]{40}", text)
    assert text.startswith(f"{key.prefix}_")
    assert key.hash == hashlib.sha256(text.encode()).hexdigest()
    assert (key.scopes, key.tier, key.expires_at) == (
        ["read", "webhooks"], "standard", NOW + timedelta(days=30),
    )  # fmt: skip
    secret = text.rpartition("_")[2]
    for row in (*ApiKey.objects.values(), *ApiKey.pgh_event_model.objects.values()):
        assert secret not in str(row)
    assert keys.key_of(text, now=NOW) == (key, "")
    assert keys.key_of(text[:-1], now=NOW) == (None, "There is no such key.")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.person, event.means) == ("key_made", author, key.prefix)
    assert Letter.objects.get().event == event


@pytest.mark.django_db
def test_only_its_owner_or_an_administrator_revokes_a_key(author: User) -> None:
    key, text = made(author)
    stranger, chief = record.user("stranger"), record.user("chief", is_superuser=True)
    with pytest.raises(keys.NotYourKey):
        keys.revoke_key(key=key, by=stranger, now=NOW)
    with pytest.raises(keys.NotYourKey):
        keys.move_key(key=key, tier="partner", reason="Please.", by=author, now=NOW)
    with pytest.raises(keys.NotYourKey):
        made(author, by=chief)
    assert keys.key_of(text, now=NOW) == (key, "")
    keys.move_key(key=key, tier="partner", reason="Mirrors us.", by=chief, now=NOW)
    keys.revoke_key(key=key, by=chief, now=NOW, reason="It was published.")
    assert keys.key_of(text, now=NOW) == (None, "This key was revoked.")
    with pytest.raises(keys.RevokedAlready):
        keys.revoke_key(key=key, by=author, now=NOW)
    with pytest.raises(keys.RevokedAlready):
        keys.move_key(key=key, tier="standard", reason="No.", by=chief, now=NOW)
    assert list(SecurityEvent.objects.order_by("pk").values_list("kind", "by", "reason")) == [
        ("key_made", None, ""),
        ("key_moved", chief.pk, "Mirrors us."),
        ("key_revoked", chief.pk, "It was published."),
    ]


@pytest.mark.django_db
def test_one_person_has_so_many_live_keys(author: User) -> None:
    for _ in range(20):
        key, _text = made(author)
    with pytest.raises(keys.TooManyKeys):
        made(author)
    keys.revoke_key(key=key, by=author, now=NOW)
    made(author)
    made(author, now=NOW + timedelta(days=30))


@pytest.mark.django_db
def test_the_database_keeps_a_key_in_order(author: User, database_refuses: Callable) -> None:
    key, _text = made(author)
    rows = ApiKey.objects.filter(pk=key.pk)
    for reason, change in {
        "accounts_apikey_has_a_name": {"name": ""},
        "accounts_apikey_scopes_known": {"scopes": ["read", "write"]},
        "accounts_apikey_tier_known": {"tier": "gold"},
        "accounts_apikey_expires_later": {"expires_at": NOW},
    }.items():
        with database_refuses(reason):
            rows.update(**change)
    with database_refuses("accounts_apikey_scopes_known"):
        rows.update(scopes=[])


@given(st.text())
def test_only_what_looks_like_a_key_is_looked_for(text: str) -> None:
    assert key_hash(text) == ""


def test_no_two_keys_are_alike() -> None:
    made = [new_key() for _ in range(1000)]
    assert len({prefix for prefix, _text in made}) == 1000
    assert all(len(key_hash(text)) == 64 for _prefix, text in made)


@given(seconds=st.integers(-10_000, 10_000))
def test_a_key_is_good_until_its_last_second(seconds: int) -> None:
    expires_at = NOW + timedelta(seconds=seconds)
    fault = fault_of(is_open=True, expires_at=expires_at, revoked_at=None, now=NOW)
    assert fault == ("" if seconds > 0 else "This key has expired.")


def test_use_is_noted_once_a_minute() -> None:
    assert is_to_be_noted(None, NOW)
    assert is_to_be_noted(NOW - timedelta(seconds=60), NOW)
    assert not is_to_be_noted(NOW - timedelta(seconds=59), NOW)
