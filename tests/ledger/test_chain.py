"""The ledger: append-only, without gaps, and every change of it is found."""

import hashlib
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from django.db import DataError, connection, transaction

from promises.accounts.models import User
from promises.ledger.actions import Change, append_entries
from promises.ledger.chain import Verdict, current_edition, verify_chain
from promises.ledger.models import START_OF_CHAIN, Entry, Head
from promises.ledger.rules import entry_hash
from promises.pledges.models import Pledge
from promises.webhooks.models import Cursor
from tests import record
from tests.conftest import without_triggers


def append(count: int, by: User) -> int:
    """Append entries that look like those of the record."""
    changes = [
        Change(
            f"pledge:{number % 3}", f"pledges/example-{number}", {"n": number}, f"p-{number % 5}"
        )
        for number in range(count)
    ]
    return append_entries(changes=changes, by=by, now=record.NOW)


@pytest.mark.django_db
def test_an_entry_is_chained_to_the_one_before(author: User) -> None:
    assert current_edition() == 0
    assert append(2, author) == 2
    first, second = Entry.objects.all()
    assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
    assert second.data == '{"n":1}'
    assert second.by == "Author"
    columns: dict[str, Any] = {
        "edition": 2,
        "event": "pledge:1",
        "subject": "pledges/example-1",
        "pledge": "p-1",
        "at": "2026-03-02T12:00:00.000000Z",
        "by": "Author",
        "previous_hash": first.hash,
    }
    assert second.hash == entry_hash(**columns, data=second.data)
    # As anyone computes it who knows RFC 8785 and nothing of us.
    whole = rfc8785.dumps({**columns, "data": {"n": 1}})
    assert second.hash == hashlib.sha256(whole).hexdigest()
    head = Head.objects.get()
    assert (head.edition, head.hash) == (2, second.hash)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET by = 'someone else' WHERE edition = 1",
        "DELETE FROM ledger_entry WHERE edition = 2",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_head SET edition = 0",
        "DELETE FROM ledger_head",
        "TRUNCATE ledger_head",
    ],
)
def test_the_database_refuses_to_rewrite_it(
    author: User, database_refuses: Callable, statement: str
) -> None:
    append(2, author)
    before = list(Entry.objects.values())
    with database_refuses("append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values()) == before
    assert Head.objects.get().edition == 2


@pytest.mark.django_db
def test_the_database_refuses_an_entry_out_of_line(
    author: User, database_refuses: Callable
) -> None:
    append(1, author)
    entry = Entry.objects.get()
    entry.edition, entry.hash = 3, "f" * 64
    with database_refuses("does not follow edition 1"):
        entry.save(force_insert=True)
    assert Entry.objects.count() == 1


def _random_damage(chance: random.Random, editions: int) -> tuple[str, list[object]]:
    """Return a statement that changes one byte of one column, or removes one row."""
    edition = chance.randint(1, editions)
    column = chance.choice(
        ["event", "subject", "pledge", "by", "data", "previous_hash", "hash", "at", "edition", ""]
    )
    if column == "":
        return "DELETE FROM ledger_entry WHERE edition = %s", [edition]
    if column == "edition":
        return "UPDATE ledger_entry SET edition = %s WHERE edition = %s", [edition + 900, edition]
    if column == "at":
        step = timedelta(microseconds=10 ** chance.randint(0, 11))
        return 'UPDATE ledger_entry SET "at" = "at" + %s WHERE edition = %s', [step, edition]
    value = Entry.objects.values_list(column, flat=True).get(edition=edition)
    place = chance.randrange(len(value))
    byte = chance.choice([c for c in 'abcdef0123456789 {}:"' if c != value[place]])
    changed = value[:place] + byte + value[place + 1 :]
    return f'UPDATE ledger_entry SET "{column}" = %s WHERE edition = %s', [changed, edition]


@pytest.mark.django_db
def test_a_thousand_random_changes_are_all_found(author: User) -> None:
    chance = random.Random(20171107)
    editions = append(25, author)
    assert verify_chain().fault == ""
    missed = []
    for _ in range(1000):
        point = transaction.savepoint()
        statement, values = _random_damage(chance, editions)
        with without_triggers(), connection.cursor() as cursor:
            cursor.execute(statement, values)
        verdict = verify_chain()
        if not verdict.fault or verdict.edition is None or verdict.edition > editions:
            missed.append((statement, values))
        transaction.savepoint_rollback(point)
    assert missed == []
    assert verify_chain().entries == editions


@pytest.mark.django_db
def test_the_command_names_the_first_bad_entry(
    author: User, capsys: pytest.CaptureFixture[str]
) -> None:
    append(4, author)
    call_command("verify_ledger")
    assert capsys.readouterr().out == "4 entries, no gap, every hash right.\n"
    with without_triggers():
        Entry.objects.filter(edition=3).update(by="Someone Else")
    with pytest.raises(CommandError) as error:
        call_command("verify_ledger")
    assert str(error.value) == (
        "Entry 3 does not match its hash. The 2 entries before it are sound."
        " Restore the ledger from a backup; do not mend it by hand."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("removed", "fault"),
    [
        ([1], (1, "is missing; 2 comes next")),
        ([3], (3, "is missing; 4 comes next")),
        ([4], (4, "is missing; the head says 4")),
        ([1, 2, 3, 4], (1, "is missing; the head says 4")),
    ],
)
def test_removed_rows_are_found_at_either_end(
    author: User, removed: list[int], fault: tuple[int, str]
) -> None:
    append(4, author)
    with without_triggers():
        Entry.objects.filter(edition__in=removed).delete()
    verdict = verify_chain()
    assert (verdict.edition, verdict.fault) == fault


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [0, -1])
def test_a_ledger_cut_off_with_its_head_is_found_by_what_is_of_a_later_edition(
    author: User, capsys: pytest.CaptureFixture[str], kept: int
) -> None:
    """`kept` entries stay, or all but so many; the head is set back to the last of them."""
    record.published_update(by=author, of=record.pledge(by=author))
    newest = current_edition()
    assert Pledge.objects.get().edition == newest > 5
    kept %= newest
    with without_triggers():
        Entry.objects.filter(edition__gt=kept).delete()
        last = Entry.objects.filter(edition=kept).first()
        Head.objects.update(edition=kept, hash=last.hash if last else START_OF_CHAIN)
    with pytest.raises(CommandError) as error:
        call_command("verify_ledger")
    assert str(error.value) == (
        f"Entry {kept + 1} is missing; pledges_pledge holds a row of edition {newest}. The {kept}"
        " entries before it are sound. Restore the ledger from a backup; do not mend it by hand."
    )


@pytest.mark.django_db
def test_a_cursor_tells_of_a_cut_as_well(author: User) -> None:
    append(4, author)
    Cursor.objects.update_or_create(defaults={"edition": 4})
    assert verify_chain().fault == ""
    with without_triggers():
        Entry.objects.filter(edition=4).delete()
        Head.objects.update(edition=3, hash=Entry.objects.get(edition=3).hash)
    verdict = verify_chain()
    assert (verdict.entries, verdict.edition) == (3, 4)
    assert verdict.fault == "is missing; webhooks_cursor holds a row of edition 4"


@pytest.mark.parametrize("gone", ["DROP TABLE {}", "ALTER TABLE {} DROP edition"])
@pytest.mark.django_db
def test_a_backup_of_before_there_was_a_cursor_is_read_as_it_is(author: User, gone: str) -> None:
    """It is checked before it is migrated, and then by what its version had."""
    append(4, author)
    with connection.cursor() as cursor:
        cursor.execute(gone.format(Cursor._meta.db_table))
    assert verify_chain() == Verdict(4)


@pytest.mark.django_db(transaction=True)
def test_it_has_no_gaps_when_many_write_and_some_fail() -> None:
    author = record.user("author")

    def write(number: int) -> None:
        try:
            with transaction.atomic():
                append(1 + number % 3, author)
                if number % 4 == 0:
                    raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    kept = sum(1 + number % 3 for number in range(120) if number % 4)
    assert list(Entry.objects.values_list("edition", flat=True)) == list(range(1, kept + 1))
    assert verify_chain().fault == ""


@pytest.mark.django_db
def test_an_entry_behind_the_head_or_a_changed_head_is_found(author: User) -> None:
    append(3, author)
    with without_triggers():
        Head.objects.update(hash="e" * 64)
    assert verify_chain().fault == "does not have the hash that the head says"
    second = Entry.objects.get(edition=2)
    with without_triggers():
        Head.objects.update(edition=2, hash=second.hash)
    verdict = verify_chain()
    assert (verdict.edition, verdict.fault) == (3, "stands behind the head, which says 2")


@pytest.mark.django_db(transaction=True)
def test_it_can_be_checked_while_others_write() -> None:
    author = record.user("author")
    append(300, author)
    stop = threading.Event()

    def write() -> int:
        try:
            while not stop.is_set():
                append(3, author)
            return current_edition()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        verdicts = [verify_chain() for _ in range(10)]
        stop.set()
        assert writing.result() > verdicts[0].entries
    assert [verdict.fault for verdict in verdicts] == [""] * 10


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_in_djangos_words(author: User) -> None:
    too_long = Change(event="x" * 61, subject="anything", data={})
    with pytest.raises(DataError, match="value too long"), transaction.atomic():
        append_entries(changes=[too_long], by=author, now=record.NOW)
    assert Entry.objects.count() == 0
